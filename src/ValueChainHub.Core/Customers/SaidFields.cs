using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>What an account has said in single fields, each value with the first and the last time it was said (ADR 28).</summary>
/// <remarks>A vendor repeats the whole account when any of it changes, so the time of a body says little about each of its fields. A join: any order and any number of statements end the same.</remarks>
public sealed class SaidFields
{
    /// <summary>An account that says more values of one field than this is no person's, and only the last time is known of any.</summary>
    public const int MostValues = 32;

    private static readonly string[] Fields = ["name", "email", "phone"];

    private readonly SortedDictionary<(string Field, string Value), Naming> _said = new(ByText);

    public SaidFields()
    {
    }

    private SaidFields(SaidFields other)
    {
        foreach (var (key, naming) in other._said)
            _said[key] = naming;
        TooMany.UnionWith(other.TooMany);
    }

    private static Comparer<(string Field, string Value)> ByText { get; } =
        Comparer<(string Field, string Value)>.Create((one, other) => string.CompareOrdinal(one.Field, other.Field) is var byField && byField != 0 ? byField : string.CompareOrdinal(one.Value, other.Value));

    /// <summary>Every value of every field.</summary>
    public IEnumerable<(string Field, string Value, Naming Times)> All => _said.Select(one => (one.Key.Field, one.Key.Value, one.Value));

    /// <summary>Fields that had more values than are kept.</summary>
    public SortedSet<string> TooMany { get; } = new(StringComparer.Ordinal);

    /// <summary>These, and what registers say.</summary>
    public SaidFields With(IEnumerable<Facet> facets)
    {
        var with = new SaidFields(this);
        foreach (var (field, value, at) in StatementsOf(facets))
            with.Say(field, value, new(at, at));
        return with;
    }

    public bool SameAs(SaidFields other) => TooMany.SetEquals(other.TooMany) && _said.SequenceEqual(other._said);

    /// <summary>A value was said at these times; the empty text for none.</summary>
    public void Say(string field, string value, Naming times)
    {
        if (TooMany.Contains(field))
            return;
        _said[(field, value)] = _said.TryGetValue((field, value), out var known) ? known.Join(times.First).Join(times.Last) : times;
        if (_said.Keys.Count(key => key.Field == field) <= MostValues)
            return;
        TooMany.Add(field);
        foreach (var key in _said.Keys.Where(key => key.Field == field).ToList())
            _said.Remove(key);
    }

    /// <summary>Forgets a statement that its register holds anyway: that the value was said once, at that time.</summary>
    public void Forget(string field, string value, DateTimeOffset at)
    {
        if (_said.TryGetValue((field, value), out var times) && times.First == at && times.Last == at)
            _said.Remove((field, value));
    }

    /// <summary>Since when the field has had the value: the first time it was said, unless another value was said in between; then only the last time is certain. Null when it was not said at any time.</summary>
    public DateTimeOffset? Since(string field, string value)
    {
        if (!_said.TryGetValue((field, value), out var times))
            return null;
        var others = _said.Where(one => one.Key.Field == field && one.Key.Value != value).Max(one => one.Value.Last);
        return others is null || times.First > others ? times.First : times.Last;
    }

    /// <summary>What dated registers say of the fields: the whole account of all, a register of one field of that.</summary>
    internal static IEnumerable<(string Field, string Value, DateTimeOffset At)> StatementsOf(IEnumerable<Facet> facets) =>
        from facet in facets
        where FacetNames.IsCore(facet.Name) && facet.Version.Revision is not null
        let account = ChainJson.Read<Account>(facet.Value)
        from field in Fields
        where facet.Name == FacetNames.Core || facet.Name == FacetNames.CoreField(field)
        select (field, ValueOf(account, field), facet.Version.Revision!.Value);

    /// <summary>The empty text for none.</summary>
    internal static string ValueOf(Account account, string field) => field switch { "name" => account.Name, "email" => account.Email, _ => account.Phone } ?? "";
}
