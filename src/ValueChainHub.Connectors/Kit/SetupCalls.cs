using System.Globalization;
using System.Net;
using System.Text.Json;
using Refit;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What a vendor answered to a person who sets it up: the JSON, or what to do about having none.</summary>
/// <param name="Status">The status; null when nothing answered.</param>
/// <param name="Body">The answer; undefined when it was empty or is a fault.</param>
/// <param name="Fault">One sentence; null for an answer to use.</param>
internal readonly record struct SetupAnswer(HttpStatusCode? Status, JsonElement Body, string? Fault);

/// <summary>Calls made for a person at a terminal. Apart from those of a running hub: no pace and no breaker, and every failure is a sentence that says what to do.</summary>
/// <param name="vendor">The vendor, as people write it.</param>
/// <param name="address">Where its API is.</param>
/// <param name="addressSetting">The setting that says so.</param>
/// <param name="credentials">What to do about credentials that are refused.</param>
/// <param name="time">What waits are counted from.</param>
internal sealed class SetupCalls(string vendor, Uri address, string addressSetting, string credentials, TimeProvider time)
{
    private const long LargestAnswer = 8 * 1024 * 1024;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <param name="what">What is asked for, to end a sentence with.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's own; only it is thrown.</param>
    public async Task<SetupAnswer> AskAsync(string what, Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            using var response = await call(limit.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            return Read(what, response, await response.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or ApiExceptionBase or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, default, limit.IsCancellationRequested
                ? $"{vendor} did not answer within {LongestCall.TotalSeconds} seconds when asked for {what}. Try again; if it stays so, look at the vendor's status page."
                : $"{vendor} cannot be reached at {address.Authority}. Check {addressSetting} and the network of this machine.");
        }
    }

    private SetupAnswer Read(string what, HttpResponseMessage response, byte[] body)
    {
        var json = Parse(body);
        if (!response.IsSuccessStatusCode)
            return new(response.StatusCode, json ?? default, FaultOf(what, response));
        return json is null && body.Length > 0
            ? new(response.StatusCode, default, $"{address.Authority} answers {what} with something that is not the API's: a web page, perhaps. Check {addressSetting}.")
            : new(response.StatusCode, json ?? default, null);
    }

    /// <summary>The status alone: the vendor's own words may quote what was sent.</summary>
    private string FaultOf(string what, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            401 => $"{vendor} refuses the credentials (HTTP 401). {credentials}",
            403 => $"{vendor} does not allow {what} with these credentials (HTTP 403). {credentials}",
            404 => $"{address.Authority} does not know {what} (HTTP 404). Check {addressSetting}.",
            429 => $"{vendor} asks to wait{Until(response)} (HTTP 429). Call it again then.",
            >= 300 and < 400 => $"{address.Authority} answers with a redirect (HTTP {status}), which is not followed because it would carry the credentials elsewhere. Set {addressSetting} to the API's own address.",
            >= 500 => $"{vendor} has trouble of its own (HTTP {status}). Try again later; nothing is wrong on this side.",
            _ => $"{vendor} refuses {what} (HTTP {status}).",
        };
    }

    private string Until(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => $" {Math.Ceiling(delta.TotalSeconds).ToString(CultureInfo.InvariantCulture)} seconds",
        { Date: { } date } => $" {Math.Max(1, Math.Ceiling((date - time.GetUtcNow()).TotalSeconds)).ToString(CultureInfo.InvariantCulture)} seconds",
        _ => "",
    };

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
