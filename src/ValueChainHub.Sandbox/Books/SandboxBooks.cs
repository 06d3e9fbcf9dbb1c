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
    private readonly Dictionary<(string Vendor, string Resource), int> _owed = [];

    public void Happened(IEnumerable<Fact> facts)
    {
        lock (_gate)
            _happened.Write(facts);
    }

    /// <summary>The hub took a webhook. What it points at is owed a call from now on.</summary>
    public void Told(string vendor, IEnumerable<Fact> facts, IEnumerable<string> pointsAt)
    {
        lock (_gate)
        {
            _told.Write(facts);
            foreach (var resource in pointsAt)
                _owed[(vendor, resource)] = 1;
        }
    }

    /// <summary>The vendor's API answers with the present state of a resource.</summary>
    public void Answered(string vendor, string resource, IEnumerable<Fact> facts)
    {
        lock (_gate)
        {
            _told.Write(facts);
            _owed.Remove((vendor, resource));
        }
    }

    /// <summary>Resources that the hub was pointed at and has not asked for since.</summary>
    public IReadOnlyList<string> Owed()
    {
        lock (_gate)
            return [.. _owed.Keys.Select(one => $"{one.Vendor}: {one.Resource}")];
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
