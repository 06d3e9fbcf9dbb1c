using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>A ShipStation V2 or ShipEngine account: its signed webhooks, and the resources that most of them only point at.</summary>
public sealed partial class ShipStationConnector : IFetchConnector, IPreparedConnector
{
    private readonly ShipStationSettings _settings;
    private readonly PublishedKeys _keys;
    private readonly IShipStationApi? _api;
    private readonly VendorLine _line;

    internal ShipStationConnector(string name, string vendor, ShipStationSettings settings, PublishedKeys keys, IShipStationApi? api, VendorLine line) =>
        (Name, Vendor, _settings, _keys, _api, _line) = (name, vendor, settings, keys, api, line);

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
            reader(body, new(draft, _settings.Hosts, delivery.SignedAt));
            return draft.Build();
        });
    }
}
