namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>SQLite could not do what it was asked. Never leaves this folder: the adapters say it in the words of their ports.</summary>
internal sealed class SqliteFault(int code, string message, bool outcomeUnknown = false) : Exception($"SQLite {code}: {message}")
{
    public int Code { get; } = code;

    /// <summary>SQLite's own words.</summary>
    public string Reason { get; } = message;

    /// <summary>True when the commit itself failed in a way that may have left it on the disk.</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
