using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>A Klaviyo account: its signed webhooks, and its events by poll.</summary>
public sealed partial class KlaviyoConnector : IPollConnector
{
    private const string SignatureHeader = "Klaviyo-Signature";
    private const string TimestampHeader = "Klaviyo-Timestamp";
    private const string WebhookHeader = "Klaviyo-Webhook-Id";
    private const int LongestTopic = 100;

    private readonly IReadOnlyList<byte[]> _secrets;
    private readonly KlaviyoAccess? _access;
    private readonly TimeProvider _time;

    internal KlaviyoConnector(string name, IReadOnlyList<byte[]> secrets, KlaviyoAccess? access, TimeProvider time) =>
        (Name, _secrets, _access, _time) = (name, secrets, access, time);

    public string Name { get; }

    public string Vendor => KlaviyoVendor.VendorName;

    public ChainLink Link => ChainLink.Marketing;

    /// <summary>Most accounts have no webhooks: their events are polled, and there is no secret.</summary>
    public bool TakesWebhooks => _secrets.Count > 0;

    /// <summary>Hex HMAC-SHA256 over the raw body and the text of its time, by the present or the previous secret; the time is near; the webhook's id is the signed one.</summary>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!TakesWebhooks)
            return new WebhookVerdict.Refused(RejectionReason.Signature, "no WebhookSecret is set");
        if (request.Header(SignatureHeader) is not { Length: > 0 } signature)
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{SignatureHeader} is missing");
        if (request.Header(TimestampHeader) is not { Length: > 0 } timestamp)
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{TimestampHeader} is missing");
        var body = request.Body.Span;
        var time = Encoding.UTF8.GetBytes(timestamp);
        var isGenuine = false;
        foreach (var secret in _secrets)
            isGenuine |= HexSignature.IsOf(signature, "", HashAlgorithmName.SHA256, secret, body, time);
        if (!isGenuine)
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{SignatureHeader} does not match the body and {TimestampHeader}");
        if (SignedTime.HttpDate(timestamp) is not { } signedAt)
            return new WebhookVerdict.Refused(RejectionReason.Malformed, $"{TimestampHeader} is not an HTTP date");
        if (!SignedTime.IsWithin(signedAt, now, SignedTime.Window))
            return new WebhookVerdict.Refused(RejectionReason.Window, $"{TimestampHeader} is more than {SignedTime.Window.TotalMinutes} minutes from now");

        var envelope = Envelope.Read(request.Body);
        if (envelope.IsRead && (envelope.WebhookId is null || request.Header(WebhookHeader) != envelope.WebhookId))
            return new WebhookVerdict.Refused(RejectionReason.Signature, $"{WebhookHeader} is not the signed meta.klaviyo_webhook_id");
        return new WebhookVerdict.Genuine(DeliveryId(body, time), envelope.Topic, signedAt, Kept(request));
    }

    /// <summary>Klaviyo has no handshake.</summary>
    public string? AnswerHandshake(WebhookRequest request) => null;

    public Translation Translate(DeliveryContent delivery)
    {
        var isWebhook = delivery.Kind == DeliveryKind.Webhook;
        if (!isWebhook && delivery.Topic == KlaviyoTopics.ListedProfile)
            return BodyTranslation.Of(delivery.Body, body => KlaviyoProfiles.Read(body, new(Name, SourceClass.Read)));
        if (delivery.Topic != KlaviyoTopics.Several && !delivery.Topic.StartsWith(KlaviyoTopics.Prefix, StringComparison.Ordinal))
            return new Translation.Suppressed("a topic that the hub does not handle");
        return BodyTranslation.Of(delivery.Body, body => isWebhook ? Several(body) : KlaviyoEvents.Read(delivery.Topic, null, body, new(Name, SourceClass.Read)));
    }

    /// <summary>The events of one request. One that cannot be read keeps the request back whole, so that it is taken whole once the mapping is mended.</summary>
    private Translation Several(JsonElement body)
    {
        var events = new List<Translation>();
        foreach (var item in body.Objects("data"u8))
        {
            var topic = item.Text("topic"u8) ?? throw new UnreadableBodyException("topic is missing");
            events.Add(KlaviyoEvents.Read(topic, item.Text("external_id"u8), item.Object("payload"u8), new(Name, SourceClass.Webhook)));
        }
        return events.Count > 0 ? TranslationBatch.Join(events) : throw new UnreadableBodyException("data is missing or empty");
    }

    /// <summary>Klaviyo names no delivery; body and signed time make it the same one.</summary>
    private static string DeliveryId(ReadOnlySpan<byte> body, ReadOnlySpan<byte> time)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(time);
        hash.AppendData("\n"u8);
        hash.AppendData(body);
        return "sha256-" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Dictionary<string, string> Kept(WebhookRequest request)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [TimestampHeader] = request.Header(TimestampHeader)! };
        if (request.Header(WebhookHeader) is { } webhook)
            kept[WebhookHeader] = webhook;
        return kept;
    }

    /// <summary>What the body says of itself. A body that is no JSON is genuine all the same, and quarantined for it.</summary>
    private sealed record Envelope(bool IsRead, string? WebhookId, string Topic)
    {
        public static Envelope Read(ReadOnlyMemory<byte> body)
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                return Of(document.RootElement);
            }
            catch (JsonException)
            {
                return new(false, null, KlaviyoTopics.Several);
            }
        }

        public static Envelope Of(JsonElement body)
        {
            if (body.ValueKind != JsonValueKind.Object)
                return new(true, null, KlaviyoTopics.Several);
            try
            {
                return new(true, body.Object("meta"u8)?.Text("klaviyo_webhook_id"u8), TopicOf(body));
            }
            catch (UnreadableBodyException)
            {
                return new(true, null, KlaviyoTopics.Several);
            }
        }

        /// <summary>The topic that all events have, if they have one.</summary>
        private static string TopicOf(JsonElement body)
        {
            if (!body.TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Array)
                return KlaviyoTopics.Several;
            var topics = data.EnumerateArray().Select(TopicOfItem).Distinct(StringComparer.Ordinal).Take(2).ToList();
            return topics is [{ Length: <= LongestTopic } one] && one.StartsWith(KlaviyoTopics.Prefix, StringComparison.Ordinal) ? one : KlaviyoTopics.Several;
        }

        private static string? TopicOfItem(JsonElement item)
        {
            try
            {
                return item.ValueKind == JsonValueKind.Object ? item.Text("topic"u8) : null;
            }
            catch (UnreadableBodyException)
            {
                return null;
            }
        }
    }
}
