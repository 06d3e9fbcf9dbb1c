namespace ValueChainHub.Core.Drift;

/// <summary>Adds what steps find to what a run has found before.</summary>
internal sealed class DriftTally(DriftReport before)
{
    private readonly Dictionary<string, long> _fields = new(before.Fields, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _outcomes = new(before.Outcomes, StringComparer.Ordinal);
    private long _compared = before.Compared;
    private long _pending = before.Pending;
    private long _missing = before.Missing;
    private long _unread = before.Unread;
    private long _drifted = before.Drifted;

    public DriftReport Report => new(_compared, _pending, _missing, _unread, _drifted, Sorted(_fields), Sorted(_outcomes));

    public void AddPending() => _pending++;

    /// <summary>A customer that was compared.</summary>
    public void Add(DriftItem item)
    {
        _compared++;
        _missing += item.Missing;
        _unread += item.Unread;
        if (item.Fields.Count > 0)
            _drifted++;
        foreach (var field in item.Fields)
            _fields[field.Field] = _fields.GetValueOrDefault(field.Field) + 1;
        AddOutcomes(item);
    }

    /// <summary>What was done about the fields of a customer.</summary>
    public void AddOutcomes(DriftItem item)
    {
        foreach (var field in item.Fields)
            _outcomes[field.Outcome] = _outcomes.GetValueOrDefault(field.Outcome) + 1;
    }

    private static SortedDictionary<string, long> Sorted(Dictionary<string, long> counts) => new(counts, StringComparer.Ordinal);
}
