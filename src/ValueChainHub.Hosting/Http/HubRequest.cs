using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ValueChainHub.Hosting.Http;

/// <summary>A request as handlers see it: no web framework.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Url">The public URL, for vendors that sign it.</param>
/// <param name="Headers">Compare without case; several of one name are joined with commas. Valid until the handler has answered.</param>
/// <param name="Body">The raw bytes as they came.</param>
public sealed record HubRequest(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public const int DefaultLimit = 50;
    public const int LargestLimit = 1_000;

    /// <summary>What the route's parameters matched.</summary>
    public IReadOnlyDictionary<string, string> Route { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The query string; of several values of one name the first.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The role of the caller's key; none for operations that need none.</summary>
    public HubRole Role { get; init; }

    /// <summary>Ends when the head is told to stop. Streams end with it; other handlers finish.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>A parameter of the route; the table guarantees that it is there.</summary>
    public string RouteValue(string name) => Route[name];

    /// <summary>A parameter of the query string, or null when it is absent or blank.</summary>
    public string? QueryValue(string name) => Query.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>The <c>limit</c> of a list. More than the largest means the largest.</summary>
    public int Limit()
    {
        if (QueryValue("limit") is not { } text)
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1
            ? Math.Min(limit, LargestLimit)
            : throw ProblemException.BadRequest($"The parameter limit must be a whole number from 1 to {LargestLimit}.");
    }

    /// <summary>A time of the query string in ISO 8601 with offset, or null when it is absent.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (QueryValue(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ProblemException.BadRequest($"The parameter {name} must be a time such as 2026-01-31T12:00:00Z.");
    }

    /// <summary>The JSON body.</summary>
    public T Json<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type) ?? throw ProblemException.BadRequest("The body is null. Send a JSON object.");
        }
        catch (JsonException fault)
        {
            // The serializer's own message may quote the body; where it stopped is enough.
            var where = fault.LineNumber is { } line ? $" It stops making sense at line {line + 1}, byte {fault.BytePositionInLine + 1}." : "";
            throw ProblemException.BadRequest("The body is not the JSON object that this operation takes." + where + " /api/openapi.json has its schema.");
        }
    }
}
