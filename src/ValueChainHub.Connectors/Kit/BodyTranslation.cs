using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Translates a body that should be a JSON object.</summary>
internal static class BodyTranslation
{
    /// <summary>What the reader makes of it. What cannot be read is unreadable with a reason, never an exception (see <see cref="JsonBody"/>).</summary>
    public static Translation Of(ReadOnlyMemory<byte> body, Func<JsonElement, Translation> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : new Translation.Unreadable("the body is not a JSON object");
        }
        catch (JsonException)
        {
            return new Translation.Unreadable("the body is not JSON");
        }
        catch (UnreadableBodyException unreadable)
        {
            return new Translation.Unreadable(unreadable.Message);
        }
    }
}
