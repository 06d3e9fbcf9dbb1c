using System.Reflection;

namespace ValueChainHub.Hosting.Documents;

/// <summary>The version that documents and telemetry name.</summary>
internal static class HubVersion
{
    public static string Text { get; } =
        typeof(HubVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
