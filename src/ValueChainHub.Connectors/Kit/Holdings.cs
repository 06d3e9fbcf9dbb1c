using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What vendors' answers to "what do you hold" share.</summary>
internal static class Holdings
{
    public static HeldOutcome NoKey { get; } = new HeldOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");

    /// <summary>The first that was found, read; nobody when the list is empty.</summary>
    public static HeldOutcome Of(Answer<IReadOnlyList<VendorItem>> found, Func<JsonElement, HeldCustomer> read)
    {
        var (held, failure) = found.Then("a customer", items => new Reading(items is [var first, ..] ? read(first.Body) : null));
        if (held is null)
            return Failed(failure!.Value);
        return held.Customer is { } customer ? new HeldOutcome.Held(customer) : new HeldOutcome.Nobody();
    }

    public static HeldOutcome Failed(CallFailure failure) => new HeldOutcome.Failed(failure.Kind, failure.Text, failure.NotBefore);

    /// <summary>The members of a map that are texts; a number or a flag is nothing that the hub has written.</summary>
    public static Dictionary<string, string> Texts(JsonElement? map)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in map?.EnumerateObject() ?? default)
        {
            if (member.Value.ValueKind == JsonValueKind.String)
                texts[member.Name] = member.Value.GetString()!;
        }
        return texts;
    }

    private sealed record Reading(HeldCustomer? Customer);
}
