namespace ValueChainHub.Sandbox.Story;

/// <summary>What somebody buys at once. The same at every vendor that hears of it.</summary>
/// <param name="Id">Counts over all shops; vendors derive their ids from it.</param>
/// <param name="Number">The number people use. Two shops may have the same.</param>
/// <param name="Kind">How it is bought.</param>
/// <param name="Lines">What is bought.</param>
/// <param name="Shipping">In the shop's currency.</param>
public sealed record Purchase(int Id, int Number, PurchaseKind Kind, IReadOnlyList<Line> Lines, decimal Shipping)
{
    public decimal Total => Lines.Sum(line => line.Amount) + Shipping;
}

/// <summary>How a purchase is made.</summary>
public enum PurchaseKind
{
    /// <summary>In the web shop, signed in or as a guest.</summary>
    Web,

    /// <summary>At a till, by nobody in particular.</summary>
    Till,

    /// <summary>By the shop's own people, to try something: it counts nowhere.</summary>
    Test,
}

/// <summary>One line of a purchase. Prices have two decimals.</summary>
public sealed record Line(string Title, string Sku, int Quantity, decimal Price)
{
    public decimal Amount => Quantity * Price;
}

/// <summary>A parcel of a purchase, as the carrier knows it.</summary>
/// <param name="Index">Counts from 1 inside its purchase.</param>
/// <param name="Carrier">The carrier's family: <c>ups</c>, <c>usps</c>, <c>dhl</c>.</param>
/// <param name="Number">The tracking number; null for what goes without.</param>
public sealed record Package(int Index, string Carrier, string? Number);

/// <summary>What carriers say of a parcel.</summary>
public enum ScanStatus
{
    InTransit,
    OutForDelivery,
    Delivered,

    /// <summary>An attempt that failed, a parcel that is late: somebody may have to act.</summary>
    Exception,

    /// <summary>On its way back to the sender.</summary>
    Returned,
}
