using System.Text.Json;

namespace ValueChainHub.Core.Connectors;

/// <summary>A vendor whose webhook bodies can be read long after they came, from files.</summary>
public interface ISavedBodyVendor : IVendor
{
    /// <summary>A connector without settings: it proves nothing and calls nobody, it only recognises and translates.</summary>
    ISavedBodyReader Reader(string name);
}

/// <summary>Reads bodies that somebody kept of their webhooks, without the requests they came in.</summary>
/// <remarks>Pure, like all of <see cref="IConnector"/>, and never throws, whatever the bytes.</remarks>
public interface ISavedBodyReader : IConnector
{
    /// <summary>How somebody may name a file, for examples: <c>shopify/orders-create.json</c>.</summary>
    string ExampleFile { get; }

    /// <summary>The topic of a webhook of this vendor; null when it is none, or when nothing says which.</summary>
    string? TopicOf(SavedBody saved);

    /// <summary>What is wrong with the amounts of one body by themselves, in words that name no person; nothing where the vendor's bodies carry no sums.</summary>
    IReadOnlyList<string> AddUp(string topic, JsonElement body);
}

/// <summary>A body from a file.</summary>
/// <param name="Hint">The part of the path that may name the topic, such as <c>orders-create</c> or <c>orders/create/0001</c>.</param>
/// <param name="IsNamed">The path names the vendor; otherwise only the body itself can say so.</param>
/// <param name="Headers">The headers that were kept with it, if any; names compare without case.</param>
/// <param name="Body">A JSON object.</param>
public sealed record SavedBody(string Hint, bool IsNamed, IReadOnlyDictionary<string, string> Headers, JsonElement Body);
