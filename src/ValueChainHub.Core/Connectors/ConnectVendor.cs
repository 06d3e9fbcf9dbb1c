namespace ValueChainHub.Core.Connectors;

/// <summary>Compares the webhooks that an account has with those that the hub wants, and subscribes what is missing when it is told to. Called again it finds its own work and leaves it.</summary>
public static class ConnectVendor
{
    /// <param name="setup">The account.</param>
    /// <param name="address">Where the hub takes its webhooks; null while nobody has said.</param>
    /// <param name="create">Subscribe what is missing; otherwise only look.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<ConnectReport> RunAsync(IVendorSetup setup, Uri? address, bool create, CancellationToken cancellationToken)
    {
        var look = await setup.LookAsync(cancellationToken);
        if (look.Subscriptions is null || address is null)
            return new(look.Notes, [.. setup.Topics.Select(topic => new WebhookLine(topic, look.Barred.ContainsKey(topic) ? WebhookState.Barred : WebhookState.Unknown, look.Barred.GetValueOrDefault(topic)))], Others(look, address, setup.Topics));
        var lines = Compare(setup, address, look).ToList();
        if (create && lines.Exists(line => line.State == WebhookState.Missing))
            lines = await SubscribeAsync(setup, lines, address, look, cancellationToken);
        return new(look.Notes, lines, Others(look, address, setup.Topics));
    }

    /// <summary>A line for each topic that the hub wants, of an account whose webhooks can be seen.</summary>
    internal static IReadOnlyList<WebhookLine> Compare(IVendorSetup setup, Uri address, SetupLook look) =>
        [.. setup.Topics.Select(topic => Compare(topic, address, look, look.Subscriptions!))];

    private static WebhookLine Compare(string topic, Uri address, SetupLook look, IReadOnlyList<VendorSubscription> subscriptions)
    {
        var here = subscriptions.Where(one => one.GoesTo(address) && one.Topics.Contains(topic, StringComparer.OrdinalIgnoreCase)).ToList();
        if (here.Exists(one => one.Trouble is null))
            return new(topic, WebhookState.Present, null);
        if (here.Count > 0)
            return new(topic, WebhookState.Wrong, here[0].Trouble);
        return look.Barred.TryGetValue(topic, out var why) ? new(topic, WebhookState.Barred, why) : new(topic, WebhookState.Missing, null);
    }

    private static async Task<List<WebhookLine>> SubscribeAsync(IVendorSetup setup, List<WebhookLine> lines, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        var missing = lines.Where(line => line.State == WebhookState.Missing).Select(line => line.Topic).ToList();
        var refused = await setup.SubscribeAsync(missing, address, look, cancellationToken);
        return lines.ConvertAll(line => line.State != WebhookState.Missing ? line
            : refused.TryGetValue(line.Topic, out var why) ? line with { State = WebhookState.Refused, Detail = why }
            : line with { State = WebhookState.Created });
    }

    /// <summary>Webhooks of the account that are not the hub's: of topics it wants but elsewhere, or here but of topics it does not want.</summary>
    private static List<VendorSubscription> Others(SetupLook look, Uri? address, IReadOnlyList<string> wanted) =>
        [.. (look.Subscriptions ?? []).Where(one => address is null || !one.GoesTo(address) || !one.Topics.Any(topic => wanted.Contains(topic, StringComparer.OrdinalIgnoreCase)))];
}

/// <summary>What came of connecting.</summary>
/// <param name="Notes">What was found, in order.</param>
/// <param name="Webhooks">A line for each topic that the hub wants.</param>
/// <param name="Others">Webhooks of the account that are left alone.</param>
public sealed record ConnectReport(IReadOnlyList<SetupNote> Notes, IReadOnlyList<WebhookLine> Webhooks, IReadOnlyList<VendorSubscription> Others)
{
    public int Count(WebhookState state) => Webhooks.Count(line => line.State == state);
}

/// <summary>A topic and where it stands. <paramref name="Detail"/> gives the reason where the state needs one.</summary>
public sealed record WebhookLine(string Topic, WebhookState State, string? Detail);

/// <summary>Where a webhook stands.</summary>
public enum WebhookState
{
    /// <summary>Nobody could look.</summary>
    Unknown,
    Present,
    Missing,
    Created,

    /// <summary>There, and not working.</summary>
    Wrong,

    /// <summary>The account or its credentials may not have it.</summary>
    Barred,

    /// <summary>The vendor did not take it.</summary>
    Refused,
}
