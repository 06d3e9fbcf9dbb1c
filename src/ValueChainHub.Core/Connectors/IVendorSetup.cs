namespace ValueChainHub.Core.Connectors;

/// <summary>A vendor whose account can be looked at and told where to send webhooks.</summary>
public interface ISetupVendor : IVendor
{
    /// <summary>What connects one account, or <see cref="ConnectorSettingsException"/> naming the setting that is missing or wrong.</summary>
    IVendorSetup Setup(ConnectorSettings settings);
}

/// <summary>Looks at one account at a vendor and subscribes its webhooks: for people at a terminal, and for the hub that makes again what the vendor dropped.</summary>
/// <remarks>Whatever the vendor answers becomes a note in one sentence that says what to do and holds no secret; only the caller's own cancellation is thrown.</remarks>
public interface IVendorSetup
{
    /// <summary>The topics that the hub wants, in the vendor's spelling of webhooks.</summary>
    IReadOnlyList<string> Topics { get; }

    /// <summary>Whether the vendor can send a test delivery, and how; one sentence.</summary>
    string TestDelivery { get; }

    /// <summary>Credentials, scopes and subscriptions as they are. Changes nothing.</summary>
    Task<SetupLook> LookAsync(CancellationToken cancellationToken);

    /// <summary>Subscribes topics at an address. Answers the topics that could not be, each with the reason.</summary>
    /// <param name="topics">Those that are missing; never one that is subscribed already.</param>
    /// <param name="address">Where webhooks go.</param>
    /// <param name="look">What was found before.</param>
    /// <param name="cancellationToken">Ends the call; what is done stays done.</param>
    Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken);

    /// <summary>Has a webhook that is there and does not send be sent again. Null: it is; otherwise why not.</summary>
    Task<string?> ReviveAsync(VendorSubscription webhook, CancellationToken cancellationToken) => Task.FromResult(webhook.Trouble);
}

/// <summary>An account as it was found.</summary>
/// <param name="Notes">What was found, in order.</param>
/// <param name="Subscriptions">Its webhooks; null when they cannot be seen, for which a note gives the reason.</param>
/// <param name="Barred">Topics that cannot be subscribed, with the reason.</param>
public sealed record SetupLook(IReadOnlyList<SetupNote> Notes, IReadOnlyList<VendorSubscription>? Subscriptions, IReadOnlyDictionary<string, string> Barred)
{
    private static readonly Dictionary<string, string> NothingBarred = [];

    /// <summary>Only notes: nothing can be seen.</summary>
    public static SetupLook Blind(params IReadOnlyList<SetupNote> notes) => new(notes, null, NothingBarred);

    public static SetupLook Seen(IReadOnlyList<SetupNote> notes, IReadOnlyList<VendorSubscription> subscriptions) => new(notes, subscriptions, NothingBarred);
}

/// <summary>One thing found, in one sentence.</summary>
public sealed record SetupNote(SetupState State, string Text)
{
    public static SetupNote Good(string text) => new(SetupState.Good, text);

    public static SetupNote Hint(string text) => new(SetupState.Hint, text);

    public static SetupNote Fault(string text) => new(SetupState.Fault, text);
}

/// <summary>What a note asks of the reader.</summary>
public enum SetupState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>To know; it stops nothing.</summary>
    Hint,

    /// <summary>Does not work until somebody mends it.</summary>
    Fault,
}

/// <summary>A webhook as the vendor has it.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Topics">What it sends.</param>
/// <param name="Address">Where to.</param>
/// <param name="Trouble">Why it does not send although it is there; null when it does.</param>
public sealed record VendorSubscription(string Id, IReadOnlyList<string> Topics, string Address, string? Trouble = null)
{
    /// <summary>Is it sent to this address? Host in any case, a slash at the end or not.</summary>
    public bool GoesTo(Uri address) => Uri.TryCreate(Address, UriKind.Absolute, out var own)
        && Uri.Compare(own, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && own.PathAndQuery.TrimEnd('/') == address.PathAndQuery.TrimEnd('/');
}
