using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>A conversation read from its facets: a pure function, so it does not matter whether it was closed before it was known to be open.</summary>
public sealed class ConversationView(IReadOnlyDictionary<string, Facet> facets)
{
    /// <summary>Known to be open: the last word of the vendor says so. A conversation that nobody called open is not counted as such.</summary>
    public bool IsOpen => Read<Conversation>(FacetNames.Status)?.Status == "open";

    /// <summary>The last time that shopper and support were in contact: the latest contact, or the beginning when no contact is known.</summary>
    public DateTimeOffset? LastContactAt => Latest(Read<Contact>(FacetNames.Contact)?.At, Read<Conversation>(FacetNames.Started)?.StartedAt);

    /// <summary>The conversation's share of its customer's totals. One that was merged into another is counted there; its contacts happened all the same.</summary>
    public Totals Contribution()
    {
        var totals = new Totals();
        if (facets.ContainsKey(FacetNames.Deleted))
            return totals;
        totals.Widen(TotalNames.ContactAt, LastContactAt);
        if (facets.ContainsKey(FacetNames.Merged))
            return totals;
        return totals.Add(TotalNames.Conversations, 1).Add(TotalNames.OpenConversations, IsOpen ? 1 : 0);
    }

    private T? Read<T>(string facet)
        where T : class => facets.TryGetValue(facet, out var register) ? ChainJson.Read<T>(register.Value) : null;

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
