namespace ValueChainHub.Sandbox.Books;

/// <summary>Parties that are known to be one person.</summary>
internal sealed record Person(int Shopper, IReadOnlyList<Party> Parties, IReadOnlyList<PartyFact> Facts);

/// <summary>Who is who, as far as it was told: parties of one shopper that share an e-mail address or a phone, or that their vendor merged. Parties of two shoppers never belong together (families share phones).</summary>
internal static class Persons
{
    public static IEnumerable<Person> Of(Registers facts)
    {
        var stated = facts.Of<PartyFact>().ToLookup(fact => fact.Party);
        var merges = facts.Of<MergeFact>().ToList();
        return PartiesIn(facts).GroupBy(party => party.Shopper).SelectMany(shopper => Split(shopper.Key, [.. shopper], stated, merges));
    }

    /// <summary>Everybody of whom anything was told.</summary>
    private static HashSet<Party> PartiesIn(Registers facts)
    {
        var named = facts.Of<Fact>().Select(fact => fact switch
        {
            PartyFact one => one.Party,
            OrderFact one => one.Party,
            ConsentFact one => one.Party,
            TroubleFact one => one.Party,
            MessageFact one => one.Party,
            ConversationFact one => one.Party,
            ContactFact one => one.Party,
            MentionFact one => one.Party,
            _ => null,
        });
        return [.. named.OfType<Party>(), .. facts.Of<MergeFact>().SelectMany(fact => new[] { fact.Kept, fact.Merged })];
    }

    private static List<Person> Split(int shopper, List<Party> parties, ILookup<Party, PartyFact> stated, List<MergeFact> merges)
    {
        var groups = new List<(List<Party> Parties, HashSet<string> Addresses)>();
        foreach (var party in parties.OrderBy(party => party.ToString(), StringComparer.Ordinal))
        {
            var addresses = stated[party].SelectMany(fact => new[] { fact.Email, fact.Phone }).OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (party.Kind == "email")
                addresses.Add(party.Value);
            addresses.UnionWith(merges.Where(fact => fact.Kept == party || fact.Merged == party).Select(fact => fact.Register));
            var meeting = groups.Where(group => group.Addresses.Overlaps(addresses)).ToList();
            foreach (var group in meeting)
            {
                groups.Remove(group);
                addresses.UnionWith(group.Addresses);
            }
            groups.Add(([.. meeting.SelectMany(group => group.Parties), party], addresses));
        }
        return [.. groups.Select(group => new Person(shopper, group.Parties, [.. group.Parties.SelectMany(party => stated[party]).OrderByDescending(fact => fact.At)]))];
    }
}
