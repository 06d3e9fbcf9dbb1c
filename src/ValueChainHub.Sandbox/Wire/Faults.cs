namespace ValueChainHub.Sandbox.Wire;

/// <summary>What may go wrong between a vendor and the hub. Each can be switched on by itself.</summary>
public enum Fault
{
    /// <summary>A delivery is sent again some time later, though it was answered.</summary>
    Duplicate,

    /// <summary>A delivery is sent twice at the same instant.</summary>
    Twin,

    /// <summary>A delivery is overtaken by those after it.</summary>
    Reorder,

    /// <summary>A delivery comes much later.</summary>
    Delay,

    /// <summary>A delivery is never sent.</summary>
    Loss,

    /// <summary>Somebody else's signature first, then the vendor's own.</summary>
    WrongSignature,

    /// <summary>The secret changes half-way through the run, also between two tries of one delivery.</summary>
    Rotation,

    /// <summary>The connection ends within the body; then the whole is sent.</summary>
    Truncation,

    /// <summary>The API answers 429 with Retry-After.</summary>
    Throttle,

    /// <summary>The API answers 500.</summary>
    ServerError,

    /// <summary>The API takes a request and does not answer.</summary>
    Hang,

    /// <summary>The API does what it is asked, and its answer is lost.</summary>
    LostAnswer,
}

/// <summary>The faults of a run and how often each falls.</summary>
public sealed record Faults(IReadOnlyDictionary<Fault, double> Rates)
{
    private static readonly Dictionary<Fault, double> Usual = new()
    {
        [Fault.Duplicate] = 0.08,
        [Fault.Twin] = 0.05,
        [Fault.Reorder] = 0.15,
        [Fault.Delay] = 0.03,
        [Fault.Loss] = 0.03,
        [Fault.WrongSignature] = 0.02,
        [Fault.Rotation] = 1,
        [Fault.Truncation] = 0.02,
        [Fault.Throttle] = 0.05,
        [Fault.ServerError] = 0.03,
        [Fault.Hang] = 0.01,
        [Fault.LostAnswer] = 0.01,
    };

    public static Faults None { get; } = new(new Dictionary<Fault, double>());

    public static Faults All { get; } = new(Usual);

    public static Faults Only(params IEnumerable<Fault> faults) => new(faults.Distinct().ToDictionary(fault => fault, fault => Usual[fault]));

    public double this[Fault fault] => Rates.GetValueOrDefault(fault);

    public Faults With(Fault fault, double rate) => new(new Dictionary<Fault, double>(Rates) { [fault] = rate });

    /// <summary>Reads <c>all</c>, <c>none</c>, or names separated by commas (<c>loss,wrong-signature</c>); null for a text that is none of these.</summary>
    public static Faults? Parse(string text)
    {
        if (text is "all" or "none")
            return text == "all" ? All : None;
        var faults = new List<Fault>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Names.TryGetValue(name, out var fault))
                return null;
            faults.Add(fault);
        }
        return Only(faults);
    }

    /// <summary>The faults by the names that <see cref="Parse"/> reads.</summary>
    public static IReadOnlyDictionary<string, Fault> Names { get; } = Enum.GetValues<Fault>().ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    private static string NameOf(Fault fault) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString());
}
