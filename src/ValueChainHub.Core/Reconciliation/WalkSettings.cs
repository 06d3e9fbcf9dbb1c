namespace ValueChainHub.Core.Reconciliation;

/// <summary>How the hub reconciles.</summary>
public sealed record WalkSettings
{
    /// <summary>How often each connector is reconciled; null leaves it to people.</summary>
    public TimeSpan? Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A webhook may be on its way for so long; until then it is not lost.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>More lost webhooks of ten thousand than this are an alert.</summary>
    public double AlertAbove { get; init; } = 10;
}
