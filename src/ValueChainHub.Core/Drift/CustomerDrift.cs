using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Drift;

/// <summary>One account of a destination beside what it should hold.</summary>
/// <param name="To">Whose it is.</param>
/// <param name="State">The state it should have; null where no route brings one.</param>
/// <param name="Heard">The account as the hub heard of it last; null when it never did.</param>
/// <param name="Consents">What its addresses should be stated.</param>
/// <param name="Tags">The tags that should and should not be there; null where no route brings any.</param>
internal sealed record DriftTarget(Recipient To, CustomerState? State, Account? Heard, IReadOnlyList<AimedConsent> Consents, TagsToSet? Tags);

/// <summary>A field in which a destination and the hub differ.</summary>
/// <param name="Field">By <see cref="DriftFields"/>.</param>
/// <param name="Address">For consent: whose.</param>
/// <param name="Held">What the destination holds; null when nothing.</param>
/// <param name="Wanted">What the hub would have there; null when nothing.</param>
/// <param name="IsOurs">True: it is written again. False: the vendor's word counts and is read again.</param>
internal sealed record FieldDrift(string Field, string? Address, HeldValue Held, HeldValue Wanted, bool IsOurs);

/// <summary>A value, and when a person said so where that matters.</summary>
internal sealed record HeldValue(string? Text, DateTimeOffset? At = null);

/// <summary>Compares what a destination holds with what it should, field by field, under the declared owners. Pure.</summary>
internal static class CustomerDrift
{
    /// <summary>The accounts of a customer at a destination, and who is written to by address alone; each once.</summary>
    public static IReadOnlyList<DriftTarget> TargetsOf(CustomerAim aim)
    {
        var targets = new Dictionary<string, DriftTarget>(StringComparer.Ordinal);
        foreach (var account in aim.IsPerson ? aim.Accounts : [])
            Add(targets, new(aim.ToAccount(account), null, account.AccountCore, [], null));
        foreach (var one in aim.States())
            Add(targets, new(one.State.To, one.State, one.Account?.AccountCore, [], null));
        foreach (var one in aim.Consents())
            Add(targets, new(one.Consent.To, null, one.Account?.AccountCore, [one], null));
        foreach (var tags in aim.Tags())
            Add(targets, new(tags.To, null, null, [], tags));
        return [.. targets.Values];
    }

    /// <summary>Where the two differ. Of an account that is not there, only what the hub owns can be missing.</summary>
    public static IReadOnlyList<FieldDrift> Compare(IDestination destination, DriftTarget target, HeldCustomer held, Func<AimedConsent, Consent?> ownWordOn) =>
        [.. Contact(destination, target, held), .. Facts(target, held), .. Tags(target, held), .. Consents(target, held, ownWordOn)];

    /// <summary>Whether two texts of a field are the same, as the hub spells addresses.</summary>
    public static bool IsSame(string field, string? one, string? other) => Plain(field, one) == Plain(field, other);

    /// <summary>What an account holds in a field.</summary>
    public static HeldValue ValueOf(HeldCustomer held, string field, string? address)
    {
        if (field.StartsWith(DriftFields.Fact(""), StringComparison.Ordinal))
            return new(held.Facts.GetValueOrDefault(field[DriftFields.Fact("").Length..]));
        if (field.StartsWith(DriftFields.Tag(""), StringComparison.Ordinal))
            return TagIn(held, field[DriftFields.Tag("").Length..]);
        if (field.StartsWith(DriftFields.Consent(""), StringComparison.Ordinal))
            return ConsentIn(held, field[DriftFields.Consent("").Length..], address);
        return new(field switch { DriftFields.Name => held.Name, DriftFields.Email => held.Email, _ => held.Phone });
    }

    private static void Add(Dictionary<string, DriftTarget> targets, DriftTarget one)
    {
        var key = one.To.AccountId ?? one.To.Email ?? one.To.Phone ?? "";
        targets[key] = !targets.TryGetValue(key, out var known)
            ? one
            : new(one.To, one.State ?? known.State, one.Heard ?? known.Heard, [.. known.Consents, .. one.Consents], one.Tags ?? known.Tags);
    }

    private static IEnumerable<FieldDrift> Contact(IDestination destination, DriftTarget target, HeldCustomer held)
    {
        if (Name(destination, target, held) is { } name)
            yield return name;
        if (target.Heard is not { } heard)
            yield break;
        foreach (var (field, ours, theirs, told) in new[] { (DriftFields.Email, heard.Email, held.Email, target.To.Email), (DriftFields.Phone, heard.Phone, held.Phone, target.To.Phone) })
        {
            // An account without one was given the person's own with the rest; that it has it since is no news.
            if (!IsSame(field, ours, theirs) && (ours is not null || !IsSame(field, told, theirs)))
                yield return new(field, null, new(theirs), new(ours), IsOurs: false);
        }
    }

    /// <summary>By last word: what the vendor says and the hub has heard was outdone since, and is written over; what it never heard is news.</summary>
    private static FieldDrift? Name(IDestination destination, DriftTarget target, HeldCustomer held)
    {
        var isLastWord = FieldOwners.OwnerOf(destination, DriftFields.Name) == FieldOwnership.LastWord;
        if (isLastWord && target.State?.Contact is { Name: { } wanted })
            return held.Name == wanted ? null : new(DriftFields.Name, null, new(held.Name), new(wanted), held.Name is null || held.Name == target.Heard?.Name);
        return target.Heard is null || held.Name == target.Heard.Name ? null : new(DriftFields.Name, null, new(held.Name), new(target.Heard.Name), IsOurs: false);
    }

    private static IEnumerable<FieldDrift> Facts(DriftTarget target, HeldCustomer held) =>
        from fact in target.State is null ? [] : HubFacts.Of(target.State)
        let there = held.Facts.GetValueOrDefault(fact.Key)
        where there != fact.Value
        select new FieldDrift(DriftFields.Fact(fact.Key), null, new(there), new(fact.Value), IsOurs: true);

    private static IEnumerable<FieldDrift> Tags(DriftTarget target, HeldCustomer held)
    {
        if (target.Tags is not { } tags)
            return [];
        return from tag in tags.Present.Select(tag => (Tag: tag, Wanted: TagStates.Present)).Concat(tags.Absent.Select(tag => (Tag: tag, Wanted: TagStates.Absent)))
               let there = TagIn(held, tag.Tag)
               where there.Text != tag.Wanted
               select new FieldDrift(DriftFields.Tag(tag.Tag), null, there, new(tag.Wanted), IsOurs: true);
    }

    private static IEnumerable<FieldDrift> Consents(DriftTarget target, HeldCustomer held, Func<AimedConsent, Consent?> ownWordOn)
    {
        foreach (var aimed in target.Consents)
        {
            var (consent, there) = (aimed.Consent, ConsentIn(held, aimed.Consent.Channel, aimed.Consent.Address));
            // A grant whose time nobody knows is told to nobody who would ask the person anew; it is not missed there either.
            if (there.Text == consent.State || (there.Text is null && consent is { State: "granted", ActAt: null }))
                continue;
            yield return new(DriftFields.Consent(consent.Channel), consent.Address, there, new(consent.State, consent.ActAt), IsOurs(consent, there, ownWordOn(aimed)?.State));
        }
    }

    /// <summary>The later act counts, at equal times the more restrictive. A statement without a time counts unless the hub has heard it and somebody outdid it.</summary>
    private static bool IsOurs(ConsentToState wanted, HeldValue held, string? heard)
    {
        if (held.Text is null)
            return true;
        if (held.At is not { } heldAt)
            return heard == held.Text;
        if (wanted.ActAt is not { } wantedAt)
            return false;
        return wantedAt != heldAt ? wantedAt > heldAt : wanted.State == "denied";
    }

    private static HeldValue TagIn(HeldCustomer held, string tag) => new(held.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase) ? TagStates.Present : TagStates.Absent);

    private static HeldValue ConsentIn(HeldCustomer held, string channel, string? address) =>
        held.Consents.FirstOrDefault(one => one.Channel == channel && one.Address == address) is { } consent ? new(consent.State, consent.ActAt) : new(null);

    private static string? Plain(string field, string? text) => field switch
    {
        DriftFields.Email => Identifier.Email(text)?.Value ?? text,
        DriftFields.Phone => Identifier.Phone(text)?.Value ?? text,
        _ => text,
    };
}

/// <summary>Whether a tag is there, as a value that can be compared and put back.</summary>
internal static class TagStates
{
    public const string Present = "present";
    public const string Absent = "absent";
}
