using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>An account whose webhooks the hub can look after.</summary>
/// <param name="Setup">What looks at it and subscribes.</param>
/// <param name="Address">Where the hub takes its webhooks; null while nobody has said.</param>
public sealed record VendorAccount(IVendorSetup Setup, Uri? Address);

/// <summary>How the vendor's webhooks stand.</summary>
public sealed record SubscriptionReport
{
    /// <summary>Why nobody looked; null when somebody did.</summary>
    public string? Off { get; init; }

    /// <summary>Topics that are sent to the hub.</summary>
    public int Present { get; init; }

    /// <summary>Topics that the vendor was seen to send before and had dropped or switched off, and that were made again.</summary>
    public IReadOnlyList<string> Repaired { get; init => field = value ?? []; } = [];

    /// <summary>Topics that the vendor had dropped or switched off and that could not be made again, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init => field = value ?? field; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Topics that the hub could use and that were never seen: whether to subscribe them is for people to say (<c>connect --create</c>).</summary>
    public IReadOnlyList<string> NeverSeen { get; init => field = value ?? []; } = [];

    internal string? Trouble => Refused.Count == 0 ? null : string.Join("; ", Refused.Select(one => $"{one.Key}: {one.Value}"));
}

/// <summary>Compares the vendor's webhooks with those it was seen to have, and makes again what it dropped.</summary>
/// <remarks>
/// Only what was there before is made again: what a brand never subscribed, or subscribes elsewhere (a Shopify app's own configuration does not show), is not the hub's to decide.
/// Done again after a crash it finds its own work and leaves it.
/// </remarks>
internal sealed class WatchSubscriptions(Settlements settlements, Func<string, VendorAccount?> accounts)
{
    public async ValueTask<SubscriptionReport> LookAsync(IConnector connector, CancellationToken cancellationToken)
    {
        if (!connector.TakesWebhooks)
            return new() { Off = "the connector takes no webhooks" };
        if (accounts(connector.Name) is not { } account)
            return new() { Off = "the vendor's webhooks cannot be looked at" };
        if (account.Address is not { } address)
            return new() { Off = "Hub__PublicUrl is not set, so the hub does not know which webhooks are its own" };
        var look = await account.Setup.LookAsync(cancellationToken);
        return look.Subscriptions is null
            ? new() { Off = look.Notes.FirstOrDefault(note => note.State == SetupState.Fault)?.Text ?? "the vendor does not show its webhooks" }
            : await CompareAsync(connector.Name, account.Setup, address, look, cancellationToken);
    }

    private async ValueTask<SubscriptionReport> CompareAsync(string connector, IVendorSetup setup, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        var lines = ConnectVendor.Compare(setup, address, look);
        var seen = (await settlements.TopicsAsync(connector, cancellationToken)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> present = [.. lines.Where(line => line.State == WebhookState.Present).Select(line => line.Topic)];
        if (present.Exists(topic => !seen.Contains(topic)))
            await settlements.SawAsync(connector, [.. seen.Union(present, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)], cancellationToken);
        List<string> dropped = [.. lines.Where(line => line.State is WebhookState.Missing or WebhookState.Barred && seen.Contains(line.Topic)).Select(line => line.Topic)];
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        if (dropped.Count > 0)
            refused = (await setup.SubscribeAsync(dropped, address, look, cancellationToken)).ToDictionary(StringComparer.Ordinal);
        var revived = await ReviveAsync(setup, lines, address, look, refused, cancellationToken);
        return new()
        {
            Present = present.Count,
            Repaired = [.. dropped.Where(topic => !refused.ContainsKey(topic)), .. revived],
            Refused = refused,
            NeverSeen = [.. lines.Where(line => line.State == WebhookState.Missing && !seen.Contains(line.Topic)).Select(line => line.Topic)],
        };
    }

    /// <summary>What is there and does not send is switched on again, where the vendor lets one.</summary>
    private static async ValueTask<IReadOnlyList<string>> ReviveAsync(
        IVendorSetup setup, IReadOnlyList<WebhookLine> lines, Uri address, SetupLook look, Dictionary<string, string> refused, CancellationToken cancellationToken)
    {
        var revived = new List<string>();
        foreach (var dead in look.Subscriptions!.Where(one => one.Trouble is not null && one.GoesTo(address)))
        {
            var topics = lines.Where(line => line.State == WebhookState.Wrong && dead.Topics.Contains(line.Topic, StringComparer.OrdinalIgnoreCase)).Select(line => line.Topic).ToList();
            if (topics.Count == 0)
                continue;
            if (await setup.ReviveAsync(dead, cancellationToken) is not { } why)
                revived.AddRange(topics);
            else
                topics.ForEach(topic => refused[topic] = why);
        }
        return revived;
    }
}
