using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Server;

/// <summary>What a person who started the hub needs to know: where it listens, where the key is, what to do next.</summary>
internal static class Welcome
{
    public static void Write(TextWriter console, HubSettings settings, IEnumerable<string> urls)
    {
        var url = urls.First();
        console.WriteLine($"ValueChainHub listens on {string.Join(", ", urls)}");
        console.WriteLine($"  data        {settings.Data?.Path ?? "in Cosmos DB, none on this machine"}");
        console.WriteLine($"  admin key   {AdminKey(settings)}");
        console.WriteLine($"  connectors  {Connectors(settings)}");
        foreach (var connector in settings.Connectors)
            console.WriteLine($"              POST {url}/api/webhooks/{connector.Name}");
        console.WriteLine($"  operations  {url}/api/openapi.json");
        console.Flush();
    }

    private static string AdminKey(HubSettings settings)
    {
        if (settings.Data?.File(DataDirectory.AdminKeyFile) is not { } file)
            return "from Hub__AdminKey";
        if (settings.AdminKeyIsNew)
            return $"{settings.AdminKey}   (made now, shown once, kept in {file}; send it as the header x-functions-key)";
        return settings.AdminKeyIsStored ? $"in {file}" : "from Hub__AdminKey";
    }

    private static string Connectors(HubSettings settings)
    {
        if (settings.HasTrialConnector)
            return $"shopify, for trying on this machine: its webhook secret is in {settings.Data?.File(DataDirectory.TrialSecretFile)}. Set Connectors__shopify__WebhookSecret for a real shop";
        return settings.Connectors.Count == 0
            ? "none yet. Set Connectors__shopify__WebhookSecret to your app's secret and start again"
            : string.Join(", ", settings.Connectors.Select(connector => connector.Name));
    }
}
