using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>A ShipStation V2 or ShipEngine account: its signed webhooks, and the resources that most of them only point at.</summary>
public sealed partial class ShipStationConnector : IFetchConnector, IPreparedConnector
{
    private readonly IReadOnlyList<string> _hosts;
    private readonly PublishedKeys _keys;
    private readonly ShipStationAccess? _access;
    private readonly string _version;

    /// <param name="name">The configured name.</param>
    /// <param name="vendor">The entry of the list.</param>
    /// <param name="hosts">Whose resources are fetched, each with its port if it is not the usual one: the host that is called, and the vendor's own name of it.</param>
    /// <param name="keys">What webhooks are proved by.</param>
    /// <param name="version">The version in the paths of this host.</param>
    /// <param name="access">The account's API; null without a key.</param>
    internal ShipStationConnector(string name, string vendor, IReadOnlyList<string> hosts, PublishedKeys keys, string version, ShipStationAccess? access) =>
        (Name, Vendor, _hosts, _keys, _version, _access) = (name, vendor, hosts, keys, version, access);

    public string Name { get; }

    public string Vendor { get; }

    public ChainLink Link => ChainLink.Fulfillment;

    /// <summary>Has the vendor's key at hand that the request names.</summary>
    public ValueTask<bool> PrepareAsync(WebhookRequest request, CancellationToken cancellationToken) =>
        ShipStationSignature.KeyIdOf(request) is { } keyId ? _keys.EnsureAsync(keyId, cancellationToken) : ValueTask.FromResult(true);

    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) => ShipStationSignature.Verify(request, _keys.Current, now);

    /// <summary>The vendor has no handshake.</summary>
    public string? AnswerHandshake(WebhookRequest request) => null;

    public Translation Translate(DeliveryContent delivery)
    {
        var reader = delivery.Kind == DeliveryKind.Webhook ? ShipStationTopics.Webhook(delivery.Topic) : ShipStationTopics.Fetched(delivery.Topic);
        if (reader is null)
            return new Translation.Suppressed("a topic that the hub does not handle");
        var draft = new TranslationDraft(Name, delivery.Kind == DeliveryKind.Webhook ? SourceClass.Webhook : SourceClass.Read);
        return BodyTranslation.Of(delivery.Body, body =>
        {
            reader(body, new(draft, _hosts, delivery.SignedAt));
            return draft.Build();
        });
    }
}
