using ValueChainHub.Core.Chain;

namespace ValueChainHub.Core.Connectors;

/// <summary>One configured vendor account: proves that a webhook is the vendor's, and says what a delivery means.</summary>
/// <remarks>
/// Both methods are pure: no clock, no store, no network, and the same input gives the same output for ever.
/// 1. <see cref="Verify"/> accepts what the vendor signed, with the present or the previous secret, and nothing else.
/// 2. <see cref="Verify"/> and <see cref="Translate"/> never throw, whatever the bytes.
/// 3. The same delivery translates to the same facets and the same event ids.
/// 4. Nothing either of them returns holds a secret.
/// </remarks>
public interface IConnector
{
    /// <summary>The configured name, such as <c>shopify</c> or <c>shopify-eu</c>; it prefixes everything the vendor issued.</summary>
    string Name { get; }

    /// <summary>The vendor, such as <c>shopify</c>.</summary>
    string Vendor { get; }

    /// <summary>The place in the value chain.</summary>
    ChainLink Link { get; }

    /// <summary>False where no secret or credential for webhooks is set: then <see cref="Verify"/> refuses every one.</summary>
    bool TakesWebhooks => true;

    /// <summary>Is this request the vendor's? <paramref name="now"/> serves the time window of vendors that sign one.</summary>
    WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now);

    /// <summary>The vendor's handshake on GET (a challenge to echo), or null for a plain 200.</summary>
    string? AnswerHandshake(WebhookRequest request);

    /// <summary>How often the mapping was mended: raised by whoever makes <see cref="Translate"/> read a body in another way than before, so that the new reading wins over the old one in the record (ADR 27).</summary>
    int MappingGeneration => 0;

    /// <summary>What a delivery says, in the hub's terms. Whoever folds or compares it asks <see cref="Read"/>.</summary>
    Translation Translate(DeliveryContent delivery);

    /// <summary>What a delivery says, every register in the generation of this mapping: the only way to what is folded.</summary>
    sealed Translation Read(DeliveryContent delivery)
    {
        var read = Translate(delivery);
        return read is Translation.Translated said && MappingGeneration > 0 ? said.InGeneration(MappingGeneration) : read;
    }
}

/// <summary>A connector that can ask the vendor for what a thin delivery only points at.</summary>
public interface IFetchConnector : ICallingConnector
{
    /// <summary>False without API credentials: thin deliveries then stay <c>unenriched</c>.</summary>
    bool CanFetch { get; }

    /// <summary>Fetches one resource. The body of the answer goes through the pipeline as a delivery of kind <see cref="DeliveryKind.Fetch"/>.</summary>
    Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken);
}

/// <summary>A connector whose proof needs what only the vendor can hand out, such as its published keys.</summary>
public interface IPreparedConnector : IConnector
{
    /// <summary>Makes sure that <see cref="IConnector.Verify"/> has what it needs for this request; Verify itself stays a pure function of request, keys and time.</summary>
    /// <remarks>Proves nothing and never throws but for cancellation. Whoever calls it cannot make it ask a vendor that answers more often than once a minute.</remarks>
    /// <returns>False when the vendor cannot be asked now: the request can be neither accepted nor refused.</returns>
    ValueTask<bool> PrepareAsync(WebhookRequest request, CancellationToken cancellationToken);
}

/// <summary>A vendor that connectors can be made for.</summary>
public interface IVendor
{
    string Name { get; }

    /// <summary>Makes a connector, or throws <see cref="ConnectorSettingsException"/> naming the setting that is missing, default or too short.</summary>
    IConnector Create(ConnectorSettings settings);
}

/// <summary>An HTTP request as it came in. Header names compare without case.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Url">The public URL with query, for vendors that sign it.</param>
/// <param name="Headers">Header values; several of one name are joined with commas.</param>
/// <param name="Body">The raw bytes, before any parsing.</param>
public sealed record WebhookRequest(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>Whether a request is the vendor's.</summary>
public abstract record WebhookVerdict
{
    private WebhookVerdict() { }

    /// <summary>The vendor's own: its delivery id, its topic, and the time it signed, if it signs one.</summary>
    /// <param name="DeliveryId">The vendor's id of the delivery: the key under which doubles are dropped.</param>
    /// <param name="Topic">The vendor's name of what happened.</param>
    /// <param name="SignedAt">The time under the signature, if any.</param>
    /// <param name="Headers">The headers that the translation needs; never one with a secret or a signature.</param>
    public sealed record Genuine(string DeliveryId, string Topic, DateTimeOffset? SignedAt, IReadOnlyDictionary<string, string> Headers) : WebhookVerdict;

    /// <summary>Not proved to be the vendor's.</summary>
    public sealed record Refused(RejectionReason Reason, string Detail) : WebhookVerdict;
}

/// <summary>Why a request was turned away before it became a delivery.</summary>
public enum RejectionReason
{
    /// <summary>The signature or credential is missing or does not match.</summary>
    Signature,

    /// <summary>The signed time lies outside the window.</summary>
    Window,

    /// <summary>The body is larger than the hub takes.</summary>
    Size,

    /// <summary>Something the vendor always sends is missing or unreadable.</summary>
    Malformed,
}

/// <summary>Where a delivery came from.</summary>
public enum DeliveryKind
{
    Webhook,
    Fetch,
    Reconciled,
    Backfill,
}

/// <summary>What a translation works on.</summary>
public sealed record DeliveryContent(
    string Connector,
    DeliveryKind Kind,
    string Topic,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset? SignedAt);

/// <summary>Something to ask the vendor for.</summary>
/// <param name="Connector">The connector's name.</param>
/// <param name="Resource">The vendor's type and id, such as <c>order/123</c>.</param>
/// <param name="Reason">What pointed at it, for people.</param>
public sealed record FetchRequest(string Connector, string Resource, string Reason);

/// <summary>What came of a fetch.</summary>
public abstract record FetchOutcome
{
    private FetchOutcome() { }

    /// <summary>The vendor's answer, to be stored and translated under <paramref name="Topic"/>.</summary>
    public sealed record Fetched(string Topic, ReadOnlyMemory<byte> Body) : FetchOutcome;

    /// <summary>No answer to use. The kind alone decides whether to try again, and <paramref name="NotBefore"/> wins over our schedule.</summary>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null) : FetchOutcome;
}

/// <summary>Why a call to a vendor failed; the kind alone decides what is done.</summary>
public enum FailureKind
{
    Throttled,
    Unavailable,
    Timeout,
    Refused,
    Unauthorized,
}

/// <summary>Rules on failure kinds.</summary>
public static class FailureKinds
{
    /// <summary>Throttled, unavailable and timeout pass by themselves; the others need a person.</summary>
    public static bool MayRetry(this FailureKind kind) => kind is FailureKind.Throttled or FailureKind.Unavailable or FailureKind.Timeout;
}
