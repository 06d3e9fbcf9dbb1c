namespace ValueChainHub.Benchmarks.Generator;

/// <summary>How large the bodies are: about 4 KB, or about 10 KB.</summary>
public enum BodySize
{
    Four = 4,
    Ten = 10,
}

/// <summary>What one generated order says: the facts that the hub must give back.</summary>
public readonly record struct PlannedOrder(long Index, int Customer, int Shape, long LineCents, long TotalCents, long PlacedAt)
{
    /// <summary>The shop's currency; its presentment currency differs in some shapes and must never be counted.</summary>
    public string Currency => OrderPlan.CurrencyOf(Shape);

    /// <summary>False for orders that are not paid: they are orders, but no part of the lifetime value.</summary>
    public bool IsPaid => OrderPlan.IsPaid(Shape);

    public long OrderId => OrderPlan.FirstOrderId + Index;
}

/// <summary>Every order of a run, computed from the seed and its index, so that nothing has to be remembered to be demanded back.</summary>
/// <remarks>Ids are larger than 2^53: whoever reads them as floating point numbers mixes them up.</remarks>
public sealed class OrderPlan(ulong seed, int customers, BodySize size)
{
    public const long FirstOrderId = 820_000_000_000_000_000;
    public const long FirstCustomerId = 710_000_000_000_000_000;
    public const int Shapes = 16;
    public const int ShippingCents = 590;
    public const int ExtraLineCents = 2495;

    private const int UnpaidShape = 1;
    private const int EuroShape = 2;
    private const int PresentmentShape = 4;
    private const int PhoneShape = 8;
    private const long FirstPlacedAt = 1_767_600_000;
    private const long DaysOfOrders = 45;

    public int Customers => customers;

    public BodySize Size => size;

    public static string CurrencyOf(int shape) => (shape & EuroShape) != 0 ? "EUR" : "USD";

    public static bool IsPaid(int shape) => (shape & UnpaidShape) == 0;

    /// <summary>True when the shopper saw and paid another currency than the shop's.</summary>
    public static bool PresentsOtherCurrency(int shape) => (shape & PresentmentShape) != 0;

    public static bool HasPhone(int shape) => (shape & PhoneShape) != 0;

    public static int ExtraLines(BodySize size) => size == BodySize.Ten ? 5 : 0;

    /// <summary>What the order costs beside its first line.</summary>
    public static long RestCents(BodySize size) => (long)ExtraLines(size) * ExtraLineCents + ShippingCents;

    public static string EmailOf(int customer) => $"shopper{customer:D5}@example.com";

    public static long? IndexOf(long orderId) => orderId >= FirstOrderId ? orderId - FirstOrderId : null;

    public PlannedOrder At(long index)
    {
        var dice = Mix(seed + (ulong)index);
        var customer = index < customers ? (int)index : (int)(dice % (ulong)customers);
        var lineCents = 10_000 + (long)(Mix(dice) % 50_000);
        var placedAt = FirstPlacedAt + (long)(Mix(dice + 1) % (ulong)(DaysOfOrders * 86_400));
        return new PlannedOrder(index, customer, ShapeOf(dice, customer), lineCents, lineCents + RestCents(size), placedAt);
    }

    /// <summary>How the order is repeated: not at all (three of four), at the same instant, or later.</summary>
    public Repetition RepetitionOf(long index, out int distance)
    {
        var dice = Mix(~(seed + (ulong)index));
        distance = 1 + (int)(dice >> 32 & 0x7ff);
        return (dice & 7) switch { 0 => Repetition.AtOnce, 1 => Repetition.Later, _ => Repetition.None };
    }

    /// <summary>SplitMix64: every input has its own, well mixed output.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }

    // One order of sixteen is unpaid, one of eight is in euros, one of eight was presented in another currency; every other customer has a phone.
    private static int ShapeOf(ulong dice, int customer) =>
        ((dice >> 40 & 15) == 0 ? UnpaidShape : 0)
        | ((dice >> 44 & 7) == 0 ? EuroShape : 0)
        | ((dice >> 48 & 7) == 0 ? PresentmentShape : 0)
        | (customer % 2 == 0 ? PhoneShape : 0);
}

/// <summary>Whether and when a delivery comes a second time.</summary>
public enum Repetition
{
    None,
    AtOnce,
    Later,
}
