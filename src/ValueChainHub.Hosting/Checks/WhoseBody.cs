using System.Text.Json;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Hosting.Checks;

/// <summary>Whose a body is, and of which topic: by its path from the inside out, then by what it says of itself.</summary>
internal sealed class WhoseBody(IReadOnlyList<ISavedBodyReader> readers)
{
    /// <summary>The reader and the topic; null when nothing says.</summary>
    /// <param name="file">The file.</param>
    /// <param name="above">The name of the folder itself, which may name a vendor too.</param>
    /// <param name="body">Its body.</param>
    public (ISavedBodyReader Reader, string Topic)? Find(SavedFile file, string above, JsonElement body)
    {
        foreach (var (reader, hint) in Named(file.Name, above))
        {
            if (reader.TopicOf(new(hint, true, file.Headers, body)) is { } topic)
                return (reader, topic);
        }
        foreach (var reader in readers)
        {
            if (reader.TopicOf(new(WithoutEnding(file.Name), false, file.Headers, body)) is { } topic)
                return (reader, topic);
        }
        return null;
    }

    public FileNote Unknown(string name, string above) => Named(name, above).Select(named => named.Reader).FirstOrDefault() is { } reader
        ? new(name, $"is no webhook of {reader.Vendor} that the hub acts on", $"If it should be one, save it as it came, such as {reader.ExampleFile}; if it is an answer of the API, leave it out.")
        : new(name, "is of no vendor that can be told", $"Put it into a folder of the vendor's name, such as {string.Join(" or ", readers.Select(reader => reader.ExampleFile))}.");

    /// <summary>The vendors that the path names, the innermost first, each with what stands after it.</summary>
    private IEnumerable<(ISavedBodyReader Reader, string Hint)> Named(string name, string above)
    {
        string[] parts = [above, .. WithoutEnding(name).Split('/')];
        for (var index = parts.Length - 1; index >= 0; index--)
        {
            if (VendorAt(parts[index]) is { } reader)
                yield return (reader, string.Join('/', [parts[index][reader.Vendor.Length..], .. parts[(index + 1)..]]));
        }
    }

    /// <summary><c>shopify</c>, <c>shopify-eu</c>, <c>Shopify_orders</c>.</summary>
    private ISavedBodyReader? VendorAt(string part) => readers.FirstOrDefault(reader =>
        part.StartsWith(reader.Vendor, StringComparison.OrdinalIgnoreCase) && (part.Length == reader.Vendor.Length || !char.IsAsciiLetterOrDigit(part[reader.Vendor.Length])));

    private static string WithoutEnding(string name) => name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name;
}
