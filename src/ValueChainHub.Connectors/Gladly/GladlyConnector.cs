using System.Security.Cryptography;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>A Gladly organisation: its webhooks, the profiles and conversations they only point at, and the proof of its lookups.</summary>
public sealed partial class GladlyConnector : IFetchConnector
{
    private const int LongestDeliveryId = 100;

    private static readonly Dictionary<string, string> NoHeaders = [];

    private readonly IReadOnlyList<GladlyProof> _proofs;
    private readonly GladlyLookupSettings? _lookup;
    private readonly GladlyApi? _api;

    internal GladlyConnector(string name, IReadOnlyList<GladlyProof> proofs, GladlyLookupSettings? lookup, GladlyApi? api) =>
        (Name, _proofs, _lookup, _api) = (name, proofs, lookup, api);

    public string Name { get; }

    public string Vendor => GladlyVendor.VendorName;

    public ChainLink Link => ChainLink.Service;

    public bool TakesWebhooks => _proofs.Count > 0;

    /// <summary>A signing key is set, so the lookup adapter is on.</summary>
    public bool AnswersLookups => _lookup is not null;

    /// <summary>Every credential that is set must be there: Basic, the static header, or both. Gladly signs nothing, neither the body nor a time.</summary>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!TakesWebhooks)
            return new WebhookVerdict.Refused(RejectionReason.Signature, "no credential for webhooks is set");
        foreach (var proof in _proofs)
        {
            if (request.Header(proof.Header) is not { Length: > 0 } given)
                return new WebhookVerdict.Refused(RejectionReason.Signature, $"{proof.Header} is missing");
            var isGenuine = false;
            foreach (var secret in proof.Secrets)
                isGenuine |= secret.Is(given);
            if (!isGenuine)
                return new WebhookVerdict.Refused(RejectionReason.Signature, $"{proof.Header} is not the credential of this connector");
        }
        var (id, topic) = Envelope(request.Body);
        return new WebhookVerdict.Genuine(id, topic, null, NoHeaders);
    }

    /// <summary>Is this lookup Gladly's? Null when it is.</summary>
    public WebhookVerdict.Refused? RefuseLookup(WebhookRequest request, DateTimeOffset now)
    {
        if (_lookup is null)
            return new(RejectionReason.Signature, "no LookupSigningKey is set");
        if (_lookup.Basic is { } basic && !basic.Is(request.Header("Authorization") ?? ""))
            return new(RejectionReason.Signature, "Authorization is not the credential of this lookup adapter");
        return GladlyRequestSignature.Refuse(request, _lookup.SigningKeys, now);
    }

    /// <summary>Gladly has no handshake by GET; its PING is a webhook like others.</summary>
    public string? AnswerHandshake(WebhookRequest request) => null;

    public Translation Translate(DeliveryContent delivery)
    {
        // What the events API lists are webhooks that may have been lost: they say what those say.
        var fetched = delivery.Kind == DeliveryKind.Webhook ? null : GladlyTopics.Fetched(delivery.Topic);
        var told = fetched is null && delivery.Kind != DeliveryKind.Fetch ? GladlyTopics.Webhook(delivery.Topic) : null;
        if ((fetched ?? told) is not { } reader)
            return new Translation.Suppressed("a type that the hub does not handle");
        var draft = new TranslationDraft(Name, fetched is null ? SourceClass.Webhook : SourceClass.Read);
        return BodyTranslation.Of(delivery.Body, body =>
        {
            reader(body, draft);
            return draft.Build();
        });
    }

    /// <summary>
    /// The id and the type in the body. The type is part of the key, so that an id used again for something else loses nothing.
    /// A body that has none is kept all the same, under its hash, and shows as quarantined: refusing it would only make Gladly send it again.
    /// </summary>
    private static (string DeliveryId, string Topic) Envelope(ReadOnlyMemory<byte> body)
    {
        var (id, type) = ((string?)null, (string?)null);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                (id, type) = (document.RootElement.Text("id"u8), document.RootElement.Text("type"u8));
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnreadableBodyException)
        {
            // Judged by its translation, which names what is wrong.
        }
        var topic = type is { Length: <= LongestDeliveryId } && IsPlain(type) ? type.ToUpperInvariant() : GladlyTopics.None;
        var key = id is { Length: <= LongestDeliveryId } && IsPlain(id) ? $"{id}~{topic.Replace('/', '-')}" : "sha256-" + Convert.ToHexStringLower(SHA256.HashData(body.Span));
        return (key, topic);
    }

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
