using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Server;

/// <summary>Where the server listens: <c>ASPNETCORE_URLS</c>.</summary>
internal static class ListenUrls
{
    public static IReadOnlyList<string> Read(IConfiguration configuration)
    {
        var text = configuration["urls"];
        var urls = (string.IsNullOrWhiteSpace(text) ? HubSettings.DefaultUrls : text).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var url in urls)
        {
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
                throw new HubSettingsException("ASPNETCORE_URLS takes http URLs such as http://127.0.0.1:7071. For https, put a proxy that ends TLS in front of the hub.");
        }
        return urls;
    }

    /// <summary>Nothing beyond this machine can reach these addresses.</summary>
    public static bool AreLoopback(IReadOnlyList<string> urls) => urls.All(url => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsLoopback);
}
