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
    private long _stamp;

    public void Happened(IEnumerable<Fact> facts)
    {
        lock (_gate)
            _happened.Write(facts);
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

    /// <summary>The customers as they are, and as the hub can know them.</summary>
    public (Account Happened, Account Told) Close()
    {
        lock (_gate)
            return (Account.Of(_happened), Account.Of(_told));
    }
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
}
