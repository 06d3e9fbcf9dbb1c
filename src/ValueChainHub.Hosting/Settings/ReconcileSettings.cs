using System.Globalization;
using Microsoft.Extensions.Configuration;
using ValueChainHub.Core.Reconciliation;

namespace ValueChainHub.Hosting.Settings;

/// <summary>The settings of reconciliation and of measuring drift, all of which have a default.</summary>
internal static class ReconcileSettings
{
    private const int MinutesOfAWeek = 7 * 24 * 60;

    /// <summary>The settings, or <see cref="HubSettingsException"/> naming the one that is wrong.</summary>
    public static WalkSettings Read(IConfigurationSection hub)
    {
        var usual = new WalkSettings();
        var every = Number(hub, "ReconcileEveryMinutes", (int)usual.Every!.Value.TotalMinutes, MinutesOfAWeek);
        return new()
        {
            Every = every == 0 ? null : TimeSpan.FromMinutes(every),
            Grace = TimeSpan.FromMinutes(Number(hub, "ReconcileGraceMinutes", (int)usual.Grace.TotalMinutes, MinutesOfAWeek)),
            AlertAbove = Number(hub, "LostWebhooksAlert", (int)usual.AlertAbove, 10_000),
        };
    }

    /// <summary>How often drift is measured; null for never.</summary>
    public static TimeSpan? DriftEvery(IConfigurationSection hub) =>
        Number(hub, "DriftEveryMinutes", 24 * 60, MinutesOfAWeek) is var every and > 0 ? TimeSpan.FromMinutes(every) : null;

    private static int Number(IConfigurationSection hub, string name, int usual, int largest)
    {
        if (hub[name] is not { } text || string.IsNullOrWhiteSpace(text))
            return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= largest
            ? number
            : throw new HubSettingsException($"Hub__{name} must be a whole number from 0 to {largest}.");
    }
}
