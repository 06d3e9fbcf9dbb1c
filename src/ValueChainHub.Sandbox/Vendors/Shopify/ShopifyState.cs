using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A customer as the shop has it.</summary>
internal sealed class ShopCustomer(Shopper shopper, DateTimeOffset createdAt)
{
    public const long FirstId = 7_000_000_000_000;

    /// <summary>With the name and the addresses that the shop has now.</summary>
    public Shopper Shopper { get; set; } = shopper;
    public long Id { get; } = FirstId + shopper.Number;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>Acts by channel; a channel without one is not subscribed.</summary>
    public Dictionary<Channel, ShopConsent> Consents { get; } = [];

    /// <summary>In any case of letters.</summary>
    public SortedSet<string> Tags { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By namespace and key.</summary>
    public SortedDictionary<string, string> Metafields { get; } = new(StringComparer.Ordinal);

    public string? Note { get; set; }
    public string Locale { get; set; } = "en";
    public Party Party { get; } = Party.Account(shopper.Shop, Bodies.Number(FirstId + shopper.Number), shopper.Number);
}

/// <summary>What a customer said, and when.</summary>
/// <param name="State"><c>granted</c>, <c>denied</c>, <c>pending</c>.</param>
internal sealed record ShopConsent(string State, DateTimeOffset At)
{
    public static ShopConsent Of(bool isGranted, DateTimeOffset at) => new(isGranted ? "granted" : "denied", at);

    /// <summary>The vendor's word for it.</summary>
    public static string WordOf(ShopConsent? act) => act?.State switch { null => "not_subscribed", "granted" => "subscribed", "denied" => "unsubscribed", _ => "pending" };
}

/// <summary>An order as the shop has it.</summary>
internal sealed class ShopOrder(Purchase purchase, Shopper shopper, ShopCustomer? customer, DateTimeOffset placedAt)
{
    public Purchase Purchase { get; } = purchase;
    public Shopper Shopper { get; } = shopper;

    /// <summary>Null for a guest's and a till's.</summary>
    public ShopCustomer? Customer { get; } = customer;

    public const long FirstId = 5_500_000_000_000;

    /// <summary>By the shop's own number: two shops have the same ids.</summary>
    public long Id { get; } = FirstId + purchase.Number;
    public DateTimeOffset PlacedAt { get; } = placedAt;
    public DateTimeOffset UpdatedAt { get; set; } = placedAt;
    public DateTimeOffset? CancelledAt { get; set; }
    public string FinancialStatus { get; set; } = "pending";
    public List<Line> Lines { get; } = [.. purchase.Lines];
    public List<ShopFulfillment> Fulfillments { get; } = [];
    public List<ShopRefund> Refunds { get; } = [];
    public ShopReturn? Return { get; set; }
    public bool IsAllSent { get; set; }
    public decimal Total => Lines.Sum(line => line.Amount) + Purchase.Shipping;
    public string Key => $"{Shopper.Shop}/order/{Id}";
    public string Number => $"#{Purchase.Number}";
    public bool IsTill => Purchase.Kind == PurchaseKind.Till;
    public bool IsTest => Purchase.Kind == PurchaseKind.Test;

    /// <summary>Whose it is: an account's, a guest's, or nobody's.</summary>
    public Party? Party => IsTill ? null : Customer?.Party ?? Party.Guest(Shopper.Email, Shopper.Number);
}

internal sealed class ShopFulfillment(ShopOrder order, Package package, DateTimeOffset createdAt)
{
    public long Id { get; } = 4_400_000_000_000 + (order.Purchase.Number * 10L) + package.Index;
    public Package Package { get; } = package;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public ScanStatus? Status { get; set; }
    public string Name => $"{order.Number}.{Package.Index}";
}

internal sealed record ShopRefund(long Id, DateTimeOffset At, decimal Lines, decimal Kept)
{
    public decimal Amount => Lines - Kept;
}

internal sealed class ShopReturn(long id, DateTimeOffset at)
{
    public long Id { get; } = id;
    public DateTimeOffset At { get; } = at;
    public string Status { get; set; } = "requested";
}
