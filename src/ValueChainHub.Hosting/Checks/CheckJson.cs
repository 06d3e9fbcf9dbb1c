using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Hosting.Checks;

/// <summary>A check for machines: camel case, unknown left out, money and times as in the HTTP contract.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Core.Chain.UtcTimeJsonConverter)],
    WriteIndented = true)]
[JsonSerializable(typeof(FolderCheck))]
internal sealed partial class CheckJson : JsonSerializerContext
{
    /// <summary>Letters stay letters: the text is JSON and nothing else.</summary>
    public static string Write(FolderCheck check) =>
        JsonSerializer.Serialize(check, new CheckJson(new JsonSerializerOptions(CheckJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).FolderCheck);
}
