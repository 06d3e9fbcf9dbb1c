using System.Globalization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Two customers are one person, says a person. Undone by a split: nothing is moved.</summary>
public sealed class MergeCustomers(IHubStore store, DerivedIds ids, BindProfiles bind, CustomerDirectory directory, GraphLimits limits, TimeProvider time)
{
    /// <summary>The record after; null when an id is unknown.</summary>
    public async ValueTask<CustomerRecord?> HandleAsync(string one, string other, string reason, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(one, cancellationToken) is not { } left || await directory.FindAsync(other, cancellationToken) is not { } right)
            return null;
        var bond = new Bond(Linked: true, time.GetUtcNow(), reason);
        foreach (var (from, to) in SplitPairs(left, right).DefaultIfEmpty((left.Id, right.Id)))
            await bind.HandleAsync(from, to, bond, cancellationToken);
        var merged = await directory.FindAsync(left.Id, cancellationToken);
        if (merged is null)
            return null;
        await HandNotices.TellAsync(store, ids, EventCatalogue.CustomerMerged, [left, right], directory, bond, cancellationToken);
        return RecordComposer.Compose(merged.Profiles, limits);
    }

    /// <summary>Earlier splits between the two are taken back, or the link could not hold.</summary>
    private static IEnumerable<(string From, string To)> SplitPairs(Customer left, Customer right) =>
        from profile in left.Profiles
        from other in right.Profiles.Keys
        where profile.Value.Bonds.TryGetValue(other, out var bond) && !bond.Linked
        select (profile.Key, other);
}

/// <summary>One profile of a customer is somebody else, says a person. Undone by a merge: everything is where it was.</summary>
public sealed class SplitCustomer(IHubStore store, DerivedIds ids, BindProfiles bind, CustomerDirectory directory, GraphLimits limits, TimeProvider time)
{
    /// <summary>The records of the customer that was asked for and of the profile that left; null when the customer is unknown or does not have the profile.</summary>
    public async ValueTask<IReadOnlyList<CustomerRecord>?> HandleAsync(string id, string profileId, string reason, CancellationToken cancellationToken)
    {
        if (await directory.FindAsync(id, cancellationToken) is not { } customer || !customer.Profiles.ContainsKey(profileId))
            return null;
        var bond = new Bond(Linked: false, time.GetUtcNow(), reason);
        var rest = customer.Profiles.Keys.Where(other => other != profileId).Order(StringComparer.Ordinal).ToList();
        foreach (var other in rest)
            await bind.HandleAsync(profileId, other, bond, cancellationToken);
        var records = new SortedDictionary<string, CustomerRecord>(StringComparer.Ordinal);
        foreach (var member in rest.Append(profileId))
        {
            if (await directory.ResolveAsync(member, cancellationToken) is { } part)
                records[part.Id] = RecordComposer.Compose(part.Profiles, limits);
        }
        await HandNotices.TellAsync(store, ids, EventCatalogue.CustomerSplit, [customer], directory, bond, cancellationToken);
        return [.. records.Values];
    }
}

/// <summary>Tells of every profile whose customer changed by a person's act.</summary>
internal static class HandNotices
{
    public static async ValueTask TellAsync(
        IHubStore store, DerivedIds ids, string type, IReadOnlyList<Customer> before, CustomerDirectory directory, Bond bond, CancellationToken cancellationToken)
    {
        var notices = new IdentityNotices(store, ids);
        foreach (var (profileId, previous) in before.SelectMany(customer => customer.Profiles.Keys, (customer, profileId) => (profileId, customer.Id)))
        {
            var present = await directory.CustomerIdAsync(profileId, cancellationToken);
            if (present == previous)
                continue;
            var key = bond.At.UtcTicks.ToString(CultureInfo.InvariantCulture);
            var origin = new CloudEvent.Envelope("", "hub", null, null, null, null, "live", bond.At);
            await notices.TellAsync(type, new IdentityChange(profileId, previous, present, "hand"), key, origin, cancellationToken);
        }
    }
}
