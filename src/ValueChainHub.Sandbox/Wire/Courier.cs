using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Vendors;

namespace ValueChainHub.Sandbox.Wire;

/// <summary>Carries one vendor's webhooks to the hub, and what goes wrong on the way.</summary>
/// <param name="vendor">Whose they are.</param>
/// <param name="hub">The hub's address.</param>
/// <param name="books">Who is told of what the hub took.</param>
/// <param name="switches">What goes wrong.</param>
/// <param name="dice">For which of them.</param>
/// <param name="counts">What went over the wire.</param>
/// <param name="speed">How much faster than the vendor's the waits between tries are: a demonstration has no hours.</param>
public sealed class Courier(ISandboxVendor vendor, Uri hub, SandboxBooks books, VendorSwitches switches, Dice dice, WireCounts counts, double speed) : IDisposable
{
    private const int Connections = 8;

    /// <summary>However fast: the hub shall have time to answer something else.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections * 2 }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly SemaphoreSlim _slots = new(Connections);
    private readonly Uri _address = new(hub, "/api/webhooks/" + vendor.Name);
    private readonly List<Task> _carrying = [];
    private readonly Lock _gate = new();
    private long _sequence, _latestTaken;

    public ISandboxVendor Vendor => vendor;

    public WireCounts Counts => counts;

    /// <summary>The secret that requests are signed with from now on; see <see cref="Fault.Rotation"/>.</summary>
    public SigningSecret Secret { get; set; } = switches.Faults[Fault.Rotation] > 0 ? SigningSecret.Previous : SigningSecret.Present;

    /// <summary>Takes a webhook over and returns at once.</summary>
    public void Send(Webhook webhook, CancellationToken cancellationToken)
    {
        Counts.CountMade();
        if (Falls(Fault.Loss, webhook))
        {
            Lose(webhook, Loss.Dropped);
            return;
        }
        lock (_gate)
            _carrying.Add(CarryAsync(webhook, ++_sequence, cancellationToken));
    }

    /// <summary>One try of a webhook; whether it was answered with success.</summary>
    public async Task<bool> PingAsync(Webhook webhook, CancellationToken cancellationToken) => await SendAsync(webhook, attempt: 1, cancellationToken) is >= 200 and < 300;

    /// <summary>Webhooks that are on their way, or wait for another try.</summary>
    public int Carrying
    {
        get
        {
            lock (_gate)
                return _carrying.Count(task => !task.IsCompletedSuccessfully);
        }
    }

    /// <summary>Returns when every webhook was taken or given up.</summary>
    public async Task DrainAsync()
    {
        while (true)
        {
            Task[] carrying;
            lock (_gate)
                carrying = [.. _carrying.Where(task => !task.IsCompletedSuccessfully)];
            if (carrying.Length == 0)
                return;
            await Task.WhenAll(carrying);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _slots.Dispose();
    }

    private async Task CarryAsync(Webhook webhook, long sequence, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var since = books.Stamp();
        if (Falls(Fault.Delay, webhook))
            await Task.Delay(TimeSpan.FromSeconds(1 + (2 * dice.Throw("how late", vendor.Name, webhook.Id))), cancellationToken);
        else if (Falls(Fault.Reorder, webhook))
            await Task.Delay(TimeSpan.FromMilliseconds(30 + (270 * dice.Throw("how far", vendor.Name, webhook.Id))), cancellationToken);
        var isTaken = Falls(Fault.Twin, webhook) ? await TwinsAsync(webhook, since, cancellationToken) : await TryAsync(webhook, since, cancellationToken);
        if (!isTaken)
        {
            vendor.GiveUp(webhook);
            Lose(webhook, Loss.GivenUp);
            return;
        }
        CountTaken(sequence);
        if (!Falls(Fault.Duplicate, webhook))
            return;
        await Task.Delay(TimeSpan.FromMilliseconds(50 + (1_500 * dice.Throw("how much later", vendor.Name, webhook.Id))), cancellationToken);
        Counts.CountDuplicated();
        await TryAsync(webhook, since, cancellationToken);
    }

    /// <summary>Two at the same instant.</summary>
    private async Task<bool> TwinsAsync(Webhook webhook, long since, CancellationToken cancellationToken)
    {
        Counts.CountDuplicated();
        var taken = await Task.WhenAll(TryAsync(webhook, since, cancellationToken), TryAsync(webhook, since, cancellationToken));
        return Array.Exists(taken, one => one);
    }

    /// <summary>Sends until it is taken, as often as the vendor does. False when it was given up.</summary>
    private async Task<bool> TryAsync(Webhook webhook, long since, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await SendAsync(webhook, attempt, cancellationToken) is >= 200 and < 300)
            {
                books.Told(vendor.Name, webhook.Tells, webhook.PointsAt, since);
                return true;
            }
            if (attempt == vendor.Retries.Waits.Count)
                return false;
            var wait = vendor.Retries.Waits[attempt] / speed;
            await Task.Delay(wait > ShortestWait ? wait : ShortestWait, cancellationToken);
            Counts.CountRetried();
        }
    }

    private void Lose(Webhook webhook, Loss why)
    {
        Counts.CountLost();
        books.NeverTold(new(vendor.Name, webhook, why));
    }

    private void CountTaken(long sequence)
    {
        Counts.CountTaken();
        lock (_gate)
        {
            if (sequence < _latestTaken)
                Counts.CountReordered();
            _latestTaken = Math.Max(_latestTaken, sequence);
        }
    }

    /// <summary>One request; the status of the answer, 0 when there was none in the vendor's time.</summary>
    private async Task<int> SendAsync(Webhook webhook, int attempt, CancellationToken cancellationToken)
    {
        var isForged = attempt == 0 && Falls(Fault.WrongSignature, webhook);
        var isCut = attempt == 0 && !isForged && Falls(Fault.Truncation, webhook);
        if (isForged || isCut)
            Counts.CountTampered();
        await _slots.WaitAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(vendor.Retries.AnswerWithin);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = isCut ? new TruncatedContent(webhook.Body) : new ByteArrayContent(webhook.Body) };
            request.Content.Headers.ContentType = new("application/json");
            vendor.Sign(request, webhook, isForged ? SigningSecret.Wrong : Secret, DateTimeOffset.UtcNow);
            Counts.CountSent();
            using var response = await _http.SendAsync(request, limit.Token);
            return Answered((int)response.StatusCode);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Answered(0);
        }
        finally
        {
            _slots.Release();
        }
    }

    private int Answered(int status)
    {
        Counts.CountAnswer(status);
        return status;
    }

    private bool Falls(Fault fault, Webhook webhook) => dice.Falls(switches.Faults[fault], fault.ToString(), vendor.Name, webhook.Id);
}
