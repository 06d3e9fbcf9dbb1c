using System.Text.Json;
using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

public sealed partial class ShipStationConnector
{
    private const long LargestAnswer = 8 * 1024 * 1024;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>With an API key.</summary>
    public bool CanFetch => _api is not null && _settings.ApiKey is not null;

    /// <summary>Fetches a path of the vendor's, such as <c>v2/labels/se-1</c>, always at the configured host.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_api is null || _settings.ApiKey is not { } apiKey)
            return new FetchOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        if (ShipStationResource.Parse(request.Resource) is not { } resource)
            return new FetchOutcome.Failed(FailureKind.Refused, "a resource that this connector does not fetch");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            using var response = await _api.GetAsync(resource.Path, new(resource.Query), apiKey, limit.Token);
            if (!response.IsSuccessStatusCode)
                return VendorCalls.FailureOf(response, _time.GetUtcNow()).AsFetch();
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            return Read(resource.Topic, await response.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or ApiExceptionBase or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return limit.IsCancellationRequested
                ? new FetchOutcome.Failed(FailureKind.Timeout, "no answer in time")
                : new FetchOutcome.Failed(FailureKind.Unavailable, "the vendor could not be reached");
        }
    }

    private static FetchOutcome Read(string topic, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new FetchOutcome.Fetched(topic, body);
        }
        catch (JsonException)
        {
            // Said below, as for an answer that is another kind of JSON.
        }
        return new FetchOutcome.Failed(FailureKind.Unavailable, "the answer is not a JSON object");
    }
}
