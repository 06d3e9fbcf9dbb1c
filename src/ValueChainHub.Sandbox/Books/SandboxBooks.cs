using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Books;

/// <summary>What the sandbox says it did: all that happened, and which of it the hub was told.</summary>
/// <remarks>
/// Kept by the vendors themselves, in words of their own and without any code of the hub.
/// 1. A fact has happened when a vendor's state changed.
/// 2. It is told when a webhook that carries it was answered with success, or when a vendor's API answered with it.
/// 3. What happened and was not told, by anything, is what the hub must be missing: no more and no less.
/// </remarks>
public sealed class SandboxBooks
{
    private readonly Lock _gate = new();
    private readonly Registers _happened = new();
    private readonly Registers _told = new();
    private readonly HashSet<(string Vendor, string Resource)> _owed = [];
    private readonly Dictionary<(string Vendor, string Resource), long> _answered = [];
    private readonly List<LostWebhook> _lost = [];
    private readonly Dictionary<string, int> _shoppers = new(StringComparer.OrdinalIgnoreCase);
    private long _stamp;

    /// <summary>Every webhook that the hub never took, in the order in which that was certain.</summary>
    public IReadOnlyList<LostWebhook> Lost
    {
        get
        {
            lock (_gate)
                return [.. _lost];
        }
    }

    public void Happened(IEnumerable<Fact> facts)
    {
        lock (_gate)
        {
            var known = facts.ToList();
            _happened.Write(known);
            foreach (var fact in known)
                Introduce(fact);
        }
    }

    /// <summary>Which shopper has this address, by all that happened; null for nobody's. Families share telephones, so e-mail is asked first.</summary>
    public int? ShopperOf(string? email, string? phone)
    {
        lock (_gate)
        {
            if (email is not null && _shoppers.TryGetValue(email, out var byEmail))
                return byEmail;
            return phone is not null && _shoppers.TryGetValue(phone, out var byPhone) ? byPhone : null;
        }
    }

    /// <summary>The hub will not have this webhook.</summary>
    public void NeverTold(LostWebhook webhook)
    {
        lock (_gate)
            _lost.Add(webhook);
    }

    /// <summary>Whether the vendor's API has ever answered with what a lost webhook was about.</summary>
    public bool IsAnswered(LostWebhook lost)
    {
        lock (_gate)
            return lost.About.Any(resource => _answered.ContainsKey((lost.Vendor, resource)));
    }

    /// <summary>Copies of the registers as they are now: all that happened, and what of it was told.</summary>
    public (Registers Happened, Registers Told) Snapshot()
    {
        lock (_gate)
            return (_happened.Copy(), _told.Copy());
    }

    /// <summary>Stamps rise with every answer of an API.</summary>
    public long Stamp()
    {
        lock (_gate)
            return _stamp;
    }

    /// <summary>The hub took a webhook. What it points at is owed a call, unless there was one since the webhook was first sent.</summary>
    /// <param name="vendor">Whose.</param>
    /// <param name="facts">What it tells.</param>
    /// <param name="pointsAt">What it only names.</param>
    /// <param name="since">The stamp before it was first sent: what was answered after that is as new as the webhook.</param>
    public void Told(string vendor, IEnumerable<Fact> facts, IEnumerable<string> pointsAt, long since)
    {
        lock (_gate)
        {
            _told.Write(facts);
            foreach (var resource in pointsAt.Where(resource => _answered.GetValueOrDefault((vendor, resource)) <= since))
                _owed.Add((vendor, resource));
        }
    }

    /// <summary>The vendor's API answers with the present state of a resource.</summary>
    public void Answered(string vendor, string resource, IEnumerable<Fact> facts)
    {
        lock (_gate)
        {
            _told.Write(facts);
            _answered[(vendor, resource)] = ++_stamp;
            _owed.Remove((vendor, resource));
        }
    }

    /// <summary>Resources that the hub was pointed at and has not asked for since.</summary>
    public IReadOnlyList<string> Owed()
    {
        lock (_gate)
            return [.. _owed.Select(one => $"{one.Vendor}: {one.Resource}")];
    }

    private void Introduce(Fact fact)
    {
        if (fact is PartyFact known)
        {
            foreach (var address in new[] { known.Email, known.Phone }.OfType<string>())
                _shoppers.TryAdd(address, known.Party.Shopper);
        }
        else if (fact is MentionFact { Party: { Kind: "email" } guest })
        {
            _shoppers.TryAdd(guest.Value, guest.Shopper);
        }
    }

    /// <summary>The customers as they are, and as the hub can know them.</summary>
    public (Account Happened, Account Told) Close()
    {
        lock (_gate)
            return (Account.Of(_happened), Account.Of(_told));
    }
}

/// <summary>Why the hub never had a webhook.</summary>
public enum Loss
{
    /// <summary>It was never sent: the fault of that name.</summary>
    Dropped,

    /// <summary>The vendor's last try failed.</summary>
    GivenUp,

    /// <summary>Nobody is subscribed to its topic any more.</summary>
    NotSubscribed,
}

/// <summary>A webhook that the hub never took.</summary>
/// <param name="Vendor">The connector's name.</param>
/// <param name="Webhook">What the vendor would have told.</param>
/// <param name="Why">Why it did not.</param>
public sealed record LostWebhook(string Vendor, Webhook Webhook, Loss Why)
{
    /// <summary>The vendor's id of the delivery.</summary>
    public string Id => Webhook.Id;

    public string Topic => Webhook.Topic;

    /// <summary>What it was about, as the vendor's API names it.</summary>
    public IReadOnlyList<string> About => Webhook.About;
}

/// <summary>Facts by register, of each the latest.</summary>
public sealed class Registers
{
    private readonly Dictionary<string, Fact> _facts = new(StringComparer.Ordinal);

    public void Write(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
        {
            if (!_facts.TryGetValue(fact.Register, out var known) || known.At < fact.At)
                _facts[fact.Register] = fact;
        }
    }

    public IEnumerable<T> Of<T>()
        where T : Fact => _facts.Values.OfType<T>();

    /// <summary>The latest fact of a register; null before the first.</summary>
    public Fact? Find(string register) => _facts.GetValueOrDefault(register);

    internal Registers Copy()
    {
        var copy = new Registers();
        copy.Write(_facts.Values);
        return copy;
    }
}
