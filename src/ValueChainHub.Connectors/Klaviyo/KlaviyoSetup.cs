using System.Net;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>Sets an account up: the key, what the poller needs, and webhooks where the account has them.</summary>
internal sealed class KlaviyoSetup(string prefix, IKlaviyoApi? api, string? apiKey, string? secret, SetupCalls? calls) : IVendorSetup
{
    private readonly string _authorization = "Klaviyo-API-Key " + apiKey;

    public IReadOnlyList<string> Topics { get; } = [.. KlaviyoTopics.Polled.Select(name => KlaviyoTopics.Prefix + name)];

    public string TestDelivery => "Klaviyo's API sends no test delivery: subscribe an address of your own to a list, and look at GET /api/connectors.";

    public async Task<SetupLook> LookAsync(CancellationToken cancellationToken)
    {
        if (api is null)
            return SetupLook.Blind(SetupNote.Fault($"{prefix}ApiKey is not set. Set it to a private key with the scopes accounts:read, events:read and metrics:read."));
        var notes = new List<SetupNote>();
        var account = await calls!.AskAsync("the account", limit => api.AccountsAsync(_authorization, limit), cancellationToken);
        if (account.Fault is not null && account.Status != HttpStatusCode.Forbidden)
            return SetupLook.Blind(SetupNote.Fault(account.Fault));
        notes.Add(account.Fault is null ? SetupNote.Good("the private key is accepted") : SetupNote.Hint("the private key is accepted, but without the scope accounts:read, which only this command uses"));
        notes.Add(await ScopeAsync("metrics:read", limit => api.MetricsAsync(_authorization, null, limit), cancellationToken));
        notes.Add(await ScopeAsync("events:read", limit => api.EventsAsync(_authorization, null, null, null, 1, null, limit), cancellationToken));
        return await WebhooksAsync(notes, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken)
    {
        if (secret is null)
            return topics.ToDictionary(topic => topic, _ => $"{prefix}WebhookSecret is not set. Set it to a long random text of your own; Klaviyo then signs with it.", StringComparer.Ordinal);
        var answer = await calls!.AskAsync("a webhook", limit => api!.CreateWebhookAsync(KlaviyoWebhooks.Body(topics, address, secret), _authorization, limit), cancellationToken);
        return answer.Fault is null ? [] : topics.ToDictionary(topic => topic, _ => answer.Fault, StringComparer.Ordinal);
    }

    /// <summary>What the poller needs, and nothing else than that it is granted.</summary>
    private async Task<SetupNote> ScopeAsync(string scope, Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        var answer = await calls!.AskAsync(scope, call, cancellationToken);
        if (answer.Status == HttpStatusCode.Forbidden)
            return SetupNote.Fault($"the key lacks the scope {scope}, without which nothing is polled. Make a private key that has it and set {prefix}ApiKey to it.");
        return answer.Fault is null ? SetupNote.Good($"the scope {scope} is granted") : SetupNote.Fault(answer.Fault);
    }

    private async Task<SetupLook> WebhooksAsync(List<SetupNote> notes, CancellationToken cancellationToken)
    {
        var offered = await calls!.AskAsync("webhook topics", limit => api!.TopicsAsync(_authorization, limit), cancellationToken);
        if (offered.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
            return SetupLook.Blind([.. notes, NoWebhooks()]);
        var present = await calls.AskAsync("webhooks", limit => api!.WebhooksAsync(_authorization, "webhook-topics", limit), cancellationToken);
        if ((offered.Fault ?? present.Fault) is { } fault)
            return SetupLook.Blind([.. notes, SetupNote.Fault(fault)]);
        try
        {
            var topics = KlaviyoPage.Read(offered.Body).Items.Select(topic => topic.Text("id"u8)).ToHashSet(StringComparer.Ordinal);
            var barred = Topics.Where(topic => !topics.Contains(topic)).ToDictionary(topic => topic, _ => "the account does not offer it", StringComparer.Ordinal);
            return new([.. notes, topics.Count == 0 ? NoWebhooks() : SetupNote.Good("the account has webhooks")], [.. KlaviyoPage.Read(present.Body).Items.Select(KlaviyoWebhooks.Read)], barred);
        }
        catch (UnreadableBodyException)
        {
            return SetupLook.Blind([.. notes, SetupNote.Fault($"Klaviyo's answer is not what its revision says. Check {prefix}BaseUrl.")]);
        }
    }

    /// <summary>Most accounts: nothing is lost by it.</summary>
    private static SetupNote NoWebhooks() => SetupNote.Hint(
        "this account or key has no webhooks: Klaviyo has them for Advanced KDP and app partners only, and for keys with webhooks:read and webhooks:write. The hub polls the events instead; nothing is to be done.");
}
