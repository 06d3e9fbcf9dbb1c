using System.Text.Json;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.EndToEnd.Tests.Sandbox.InStep;

/// <summary>What a reconciliation that begins now has to find lost at one vendor, by ADR 23 and the sandbox's own books.</summary>
/// <param name="Versions">Each thing that is at a version which nothing told, by the books.</param>
/// <param name="Webhooks">The webhooks that were lost and that no walk can see, by why: how many.</param>
internal sealed record Losses(IReadOnlyCollection<string> Versions, IReadOnlyDictionary<string, int> Webhooks)
{
    /// <summary>Gladly keeps its events for a day; the hub asks for a minute less.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);

    public static Losses Of(SandboxRun run, string vendor)
    {
        var lost = run.Books.Lost.Where(one => one.Vendor == vendor).ToList();
        return vendor switch
        {
            WritingHub.Shop or WritingHub.ShopAbroad => OfShop(run, vendor, lost),
            WritingHub.Shipping => OfShipping(run, lost),
            WritingHub.Support => OfSupport(lost),
            _ => new([], Named(lost.Select(_ => "no webhook tells what is walked: profiles; events come by poll"))),
        };
    }

    /// <summary>Customers and orders, each by its last version: it is lost when no webhook and no answer told it, nor a later one of the same thing.</summary>
    private static Losses OfShop(SandboxRun run, string vendor, List<LostWebhook> lost)
    {
        var (happened, told) = run.Books.Snapshot();
        var versions = happened.Of<OrderFact>().Where(order => order.Key.StartsWith(vendor + "/order/", StringComparison.Ordinal)).ToDictionary(order => order.Register, order => order.At, StringComparer.Ordinal);
        var written = run.Vendor(vendor).Desk.Writes.All.Where(write => write.Changed).Select(write => write.Key.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var customer in run.Vendor(vendor).Holds().Accounts.Where(customer => !written.Contains(customer.Id)))
            versions[$"party/{Party.Account(vendor, customer.Id, customer.Shopper)}"] = customer.ChangedAt;
        var untold = versions.Where(one => told.Find(one.Key) is not { } known || known.At < one.Value).ToDictionary(StringComparer.Ordinal);
        string? Why(LostWebhook webhook) => webhook.Webhook.Tells.Any(fact => untold.TryGetValue(fact.Register, out var at) && fact.At == at) ? null
            : webhook.Webhook.Tells.Any(fact => versions.ContainsKey(fact.Register)) ? "a later version, or another webhook of the same one, was told"
            : webhook.Webhook.Tells.Any(fact => fact is PartyFact) && written.Contains(webhook.About[0].Split('/')[^1]) ? "a version that the hub's own write made, which repeats what the hub holds"
            : $"{webhook.Topic}: not walked by itself";
        return new(untold.Keys, Named(lost.Select(Why)));
    }

    /// <summary>Shipments and labels, which are hints: lost when nobody ever asked for the thing. What becomes of one that is known is found by walks alone.</summary>
    private static Losses OfShipping(SandboxRun run, List<LostWebhook> lost)
    {
        bool IsWalked(LostWebhook webhook) => webhook.Topic.StartsWith("SHIPMENT_", StringComparison.Ordinal) || webhook.Topic.StartsWith("LABEL_", StringComparison.Ordinal);
        var untold = lost.Where(webhook => IsWalked(webhook) && !run.Books.IsAnswered(webhook)).ToHashSet();
        return new(
            [.. untold.SelectMany(webhook => webhook.About).Distinct(StringComparer.Ordinal)],
            Named(lost.Select(webhook => untold.Contains(webhook) ? null : IsWalked(webhook) ? "another webhook had it fetched" : $"{webhook.Topic}: made good and not counted")));
    }

    /// <summary>Events, each by itself.</summary>
    private static Losses OfSupport(List<LostWebhook> lost)
    {
        var oldest = DateTimeOffset.UtcNow - Kept;
        var young = lost.Where(webhook => TimeOf(webhook) >= oldest).ToList();
        return new([.. young.Select(webhook => $"{webhook.Topic} {webhook.Id}")], Named(lost.Except(young).Select(_ => "older than the 24 hours that the vendor remembers")));
    }

    private static DateTimeOffset TimeOf(LostWebhook webhook)
    {
        using var body = JsonDocument.Parse(webhook.Webhook.Body);
        return body.RootElement.GetProperty("timestamp").GetDateTimeOffset();
    }

    private static Dictionary<string, int> Named(IEnumerable<string?> reasons) =>
        reasons.OfType<string>().CountBy(reason => reason, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
