using System.Text.Json;
using System.Text.RegularExpressions;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What a vendor's refusal says besides its status, for people and for the vendor's support.</summary>
/// <param name="Code">The vendor's own word for it.</param>
/// <param name="RequestId">The vendor's id of the request.</param>
internal readonly record struct RefusalMarks(string? Code, string? RequestId);

/// <summary>
/// Where a vendor puts its code and its id of a request. Its sentences are never read, they may quote what was sent; and what stands where a code should is
/// dropped unless it looks like one, so that no address or number gets into a log by way of it.
/// </summary>
/// <param name="header">The header with the id of the request; null when there is none.</param>
/// <param name="read">Reads the marks from the body of a refusal. May throw <see cref="UnreadableBodyException"/>.</param>
internal sealed partial class RefusalFormat(string? header, Func<JsonElement, RefusalMarks> read)
{
    public static readonly RefusalFormat None = new(null, _ => default);

    public string? RequestIdOf(HttpResponseMessage response) =>
        header is not null && response.Headers.TryGetValues(header, out var values) ? RequestId(values.First()) : null;

    /// <summary>The marks of a refusal whose header said <paramref name="requestId"/>; it wins over the body's.</summary>
    public RefusalMarks Read(byte[] body, string? requestId)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var marks = read(document.RootElement);
                return new(Code(marks.Code), requestId ?? RequestId(marks.RequestId));
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or UnreadableBodyException)
        {
            // A refusal in another shape, by a proxy perhaps: the status says enough.
        }
        return new(null, requestId);
    }

    /// <summary>A word such as <c>invalid_state</c> or <c>MAX_COST_EXCEEDED</c>, or null for anything else.</summary>
    public static string? Code(string? text) => text is not null && CodeLike().IsMatch(text) ? text : null;

    private static string? RequestId(string? text) => text is not null && IdLike().IsMatch(text) ? text : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z_-]{0,79}[0-9]{0,3}$", RegexOptions.NonBacktracking)]
    private static partial Regex CodeLike();

    /// <summary>Of hexadecimal digits, letters and hyphens, at least 16 long: no telephone number is.</summary>
    [GeneratedRegex("^[A-Za-z0-9_-]{16,100}$", RegexOptions.NonBacktracking)]
    private static partial Regex IdLike();
}
