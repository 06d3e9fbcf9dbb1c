using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Hosting;

/// <summary>The plugs of a laptop or a small server.</summary>
public static class LocalPlugs
{
    public static HubPlugs Plugs { get; } = new([], (_, _) => throw new HubSettingsException("This build has no store yet."));
}
