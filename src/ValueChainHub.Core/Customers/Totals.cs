using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>What entities add up to: sums, and the first and last of times. One entity's share is a <see cref="Totals"/> too: its contribution.</summary>
/// <remarks>Sums form a group: a contribution can be taken out again exactly. Extremes cannot; <see cref="Replace"/> says when they must be recounted.</remarks>
public sealed class Totals
{
    public SortedDictionary<string, decimal> Sums { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DateTimeOffset> Earliest { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DateTimeOffset> Latest { get; init; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Sums.Count == 0 && Earliest.Count == 0 && Latest.Count == 0;

    public Totals Add(string name, decimal amount)
    {
        var sum = Sums.GetValueOrDefault(name) + amount;
        if (sum == 0)
            Sums.Remove(name);
        else
            Sums[name] = sum;
        return this;
    }

    /// <summary>Adds to the lifetime value; a count beside it keeps a currency known whose value came back to nought.</summary>
    public Totals AddValue(Money value, int orders) => Add(ValuePrefix + value.Currency, value.Amount).Add(ValueOrdersPrefix + value.Currency, orders);

    public Totals Widen(string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            Earliest[name] = Earliest.TryGetValue(name, out var first) && first < at ? first : at;
            Latest[name] = Latest.TryGetValue(name, out var last) && last > at ? last : at;
        }
        return this;
    }

    public void Add(Totals other)
    {
        foreach (var (name, amount) in other.Sums)
            Add(name, amount);
        foreach (var (name, time) in other.Earliest)
            Widen(name, time);
        foreach (var (name, time) in other.Latest)
            Widen(name, time);
    }

    /// <summary>Takes one contribution out and puts another in. False when an extreme left with the old one: then the extremes must be recounted from the entities.</summary>
    public bool Replace(Totals before, Totals after)
    {
        foreach (var (name, amount) in before.Sums)
            Add(name, -amount);
        var exact = before.Earliest.All(old => Reaches(after.Earliest, old, (kept, was) => kept <= was) || Reaches(Earliest, old, (kept, was) => kept < was))
            && before.Latest.All(old => Reaches(after.Latest, old, (kept, was) => kept >= was) || Reaches(Latest, old, (kept, was) => kept > was));
        Add(after);
        return exact;
    }

    private static bool Reaches(SortedDictionary<string, DateTimeOffset> times, KeyValuePair<string, DateTimeOffset> old, Func<DateTimeOffset, DateTimeOffset, bool> asFar) =>
        times.TryGetValue(old.Key, out var time) && asFar(time, old.Value);

    /// <summary>The same totals in dictionaries of their own, ordered by ordinal text whatever made these.</summary>
    public Totals Copy() => new()
    {
        Sums = new(Sums, StringComparer.Ordinal),
        Earliest = new(Earliest, StringComparer.Ordinal),
        Latest = new(Latest, StringComparer.Ordinal),
    };

    public bool SameAs(Totals other) => Sums.SequenceEqual(other.Sums) && Earliest.SequenceEqual(other.Earliest) && Latest.SequenceEqual(other.Latest);

    public int Count(string name) => (int)Sums.GetValueOrDefault(name);

    public DateTimeOffset? First(string name) => Earliest.TryGetValue(name, out var time) ? time : null;

    public DateTimeOffset? Last(string name) => Latest.TryGetValue(name, out var time) ? time : null;

    /// <summary>Lifetime value by currency, currencies in order.</summary>
    public IReadOnlyList<Money> LifetimeValue() =>
        [.. Sums.Where(sum => sum.Key.StartsWith(ValueOrdersPrefix, StringComparison.Ordinal) && sum.Value > 0)
            .Select(sum => sum.Key[ValueOrdersPrefix.Length..])
            .Select(currency => new Money(currency, Sums.GetValueOrDefault(ValuePrefix + currency)))];

    private const string ValuePrefix = "value:";
    private const string ValueOrdersPrefix = "valueOrders:";
}
