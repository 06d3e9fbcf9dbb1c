using System.Collections.Frozen;
using System.Security.Cryptography;

namespace ValueChainHub.Connectors.Kit;

/// <summary>The keys that a vendor publishes at an address, kept until one is asked for that is not among them.</summary>
/// <remarks>
/// The address is asked at most once a minute, whoever asks and whatever for, and once a day without being asked, so that a key taken back is not trusted for ever.
/// When it did not answer it is asked again after five seconds: until then the vendor's webhooks can be neither accepted nor refused.
/// </remarks>
internal sealed class PublishedKeys(HttpClient client, Uri address, TimeProvider time) : IDisposable
{
    private const int LargestAnswer = 256 * 1024;
    private const int LongestKeyId = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTrust = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(4);
    private readonly SemaphoreSlim _gate = new(1);
    private volatile Known _known = new(JsonWebKeys.None, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>The keys as they were published last.</summary>
    public FrozenDictionary<string, RSAParameters> Current => _known.Keys;

    /// <summary>Makes sure that the key is there if the vendor publishes it. False when that cannot be found out now.</summary>
    public async ValueTask<bool> EnsureAsync(string keyId, CancellationToken cancellationToken)
    {
        if (keyId.Length is 0 or > LongestKeyId || IsSettled(keyId))
            return true;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (!IsSettled(keyId) && now - _known.AskedAt >= (_known.IsAnswered ? Pause : PauseAfterFailure))
                _known = await FetchAsync(cancellationToken) is { } keys ? new(keys, now, now) : _known with { AskedAt = now };
            return _known.Keys.ContainsKey(keyId) || _known.IsAnswered;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _gate.Dispose();
    }

    /// <summary>The key is there and was confirmed not long ago.</summary>
    private bool IsSettled(string keyId) => _known is var known && known.Keys.ContainsKey(keyId) && time.GetUtcNow() - known.ReadAt < LongestTrust;

    private async Task<FrozenDictionary<string, RSAParameters>?> FetchAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
                return null;
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            return JsonWebKeys.Read(await response.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <param name="Keys">What was published.</param>
    /// <param name="ReadAt">When it was last read.</param>
    /// <param name="AskedAt">When the address was last asked, with or without an answer.</param>
    private sealed record Known(FrozenDictionary<string, RSAParameters> Keys, DateTimeOffset ReadAt, DateTimeOffset AskedAt)
    {
        /// <summary>The last time it was asked, it answered.</summary>
        public bool IsAnswered => ReadAt == AskedAt;
    }
}
