namespace ValueChainHub.Sandbox.Story;

/// <summary>Something that happens at one vendor. Its time is the vendor's; no two acts of one shopper have the same second.</summary>
/// <param name="At">When, in whole seconds.</param>
/// <param name="Shopper">Who it is about.</param>
public abstract record Act(DateTimeOffset At, Shopper Shopper);

/// <summary>At the storefront.</summary>
public abstract record ShopAct(DateTimeOffset At, Shopper Shopper) : Act(At, Shopper);

public sealed record AccountOpened(DateTimeOffset At, Shopper Shopper) : ShopAct(At, Shopper);

public sealed record CheckoutStarted(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

public sealed record OrderPlaced(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

public sealed record OrderPaid(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

/// <summary>A line was added after the order was placed; vendors only hint at it.</summary>
public sealed record OrderEdited(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Line Added) : ShopAct(At, Shopper);

public sealed record OrderCancelled(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

/// <summary>The storefront hears that a parcel was sent.</summary>
public sealed record PackageSent(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Package Package, bool IsLast) : ShopAct(At, Shopper);

/// <summary>The storefront follows the parcel too.</summary>
public sealed record PackageSeenByShop(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Package Package, ScanStatus Status) : ShopAct(At, Shopper);

/// <summary>Money is given back.</summary>
/// <param name="Lines">For goods.</param>
/// <param name="Kept">What the shop keeps of it: the way back costs something.</param>
public sealed record RefundMade(DateTimeOffset At, Shopper Shopper, Purchase Purchase, decimal Lines, decimal Kept) : ShopAct(At, Shopper);

public sealed record ReturnRequested(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

public sealed record ReturnClosed(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShopAct(At, Shopper);

/// <summary>At the storefront, by the account's own page.</summary>
public sealed record ShopConsentChanged(DateTimeOffset At, Shopper Shopper, Channel Channel, bool IsGranted) : ShopAct(At, Shopper);

/// <summary>The shopper asks what is known, or to be forgotten.</summary>
public sealed record PrivacyAsked(DateTimeOffset At, Shopper Shopper, bool ToErase) : ShopAct(At, Shopper);

/// <summary>At the shipping system.</summary>
public abstract record ShippingAct(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : Act(At, Shopper);

/// <summary>The shipping system takes over the order: no parcel yet.</summary>
public sealed record OrderImported(DateTimeOffset At, Shopper Shopper, Purchase Purchase) : ShippingAct(At, Shopper, Purchase);

/// <param name="IsReturn">For the way back.</param>
public sealed record LabelBought(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Package Package, bool IsReturn = false) : ShippingAct(At, Shopper, Purchase);

/// <summary>The label was wrong: nothing was sent with it, and nobody but the shipping system has heard of its parcel.</summary>
public sealed record LabelVoided(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Package Package) : ShippingAct(At, Shopper, Purchase);

/// <summary>The carrier scans the parcel.</summary>
/// <param name="LateUntil">When the carrier now expects to deliver, for one that is late.</param>
public sealed record PackageScanned(DateTimeOffset At, Shopper Shopper, Purchase Purchase, Package Package, ScanStatus Status, DateTimeOffset? LateUntil = null)
    : ShippingAct(At, Shopper, Purchase);

/// <summary>At the help desk.</summary>
public abstract record SupportAct(DateTimeOffset At, Shopper Shopper) : Act(At, Shopper);

/// <param name="Conversation">Counts from 1 for each shopper.</param>
public abstract record ConversationAct(DateTimeOffset At, Shopper Shopper, int Conversation) : SupportAct(At, Shopper);

/// <summary>"Where is my order?"</summary>
public sealed record SupportAsked(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

public sealed record SupportAnswered(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

public sealed record SupportClosed(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

public sealed record SupportReopened(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

/// <summary>An agent notes down what is to be done.</summary>
public sealed record SupportTaskOpened(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

public sealed record SupportTaskClosed(DateTimeOffset At, Shopper Shopper, int Conversation) : ConversationAct(At, Shopper, Conversation);

/// <summary>Support may write to the shopper's phone, or may not. Only who was in contact before has a say.</summary>
public sealed record SupportPreferenceChanged(DateTimeOffset At, Shopper Shopper, bool MayText) : SupportAct(At, Shopper);

/// <summary>An agent makes a second profile by hand, of the name alone: nothing ties it to the first. Only who was in contact before has two.</summary>
public sealed record SecondProfileMade(DateTimeOffset At, Shopper Shopper) : SupportAct(At, Shopper);

/// <summary>Somebody sees that both profiles are one person.</summary>
public sealed record SecondProfileMerged(DateTimeOffset At, Shopper Shopper) : SupportAct(At, Shopper);

/// <summary>Somebody removes it instead.</summary>
public sealed record SecondProfileDeleted(DateTimeOffset At, Shopper Shopper) : SupportAct(At, Shopper);

/// <summary>At the marketing system.</summary>
public abstract record MarketingAct(DateTimeOffset At, Shopper Shopper) : Act(At, Shopper);

/// <summary>Something happens to a message, or the shopper does something with it.</summary>
/// <param name="Newsletter">Which one.</param>
public sealed record MessageAct(DateTimeOffset At, Shopper Shopper, int Newsletter, MessageEvent Event) : MarketingAct(At, Shopper);

/// <summary>By a form of the marketing system, or by the link in a message.</summary>
public sealed record MarketingConsentChanged(DateTimeOffset At, Shopper Shopper, Channel Channel, bool IsGranted) : MarketingAct(At, Shopper);

/// <summary>What may happen to a message.</summary>
public enum MessageEvent
{
    Received,
    Opened,

    /// <summary>By a privacy proxy: no person looked at it.</summary>
    OpenedByMachine,
    Clicked,
    Bounced,
    MarkedAsSpam,
}

/// <summary>How a person is written to.</summary>
public enum Channel
{
    Email,
    Sms,
}
