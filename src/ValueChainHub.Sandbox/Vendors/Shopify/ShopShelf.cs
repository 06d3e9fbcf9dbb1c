namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A shop's customers or orders: by id, and by the time of their last change. Seeded ones are made when they are asked for, and kept only once they were changed.</summary>
/// <param name="seeded">Makes a seeded one by its id; null for an id that is none's.</param>
internal sealed class ShopShelf<T>(Func<long, T?> seeded)
    where T : class
{
    private readonly Dictionary<long, T> _kept = [];
    private readonly SortedSet<long> _ids = [];
    private SortedSet<(long At, long Id)> _changes = [];

    /// <summary>Those that are kept.</summary>
    public IEnumerable<T> Kept => _kept.Values;

    public int Count => _changes.Count;

    /// <summary>At the beginning: the seeded ones, in the order of their times.</summary>
    public void Seed(IEnumerable<(DateTimeOffset At, long Id)> all)
    {
        _changes = new(all.Select(one => (one.At.UtcTicks, one.Id)));
        _ids.UnionWith(_changes.Select(one => one.Id));
    }

    public T? Find(long id) => _kept.GetValueOrDefault(id) ?? seeded(id);

    /// <summary>Puts it where it belongs since its last change.</summary>
    public void Put(long id, T item, DateTimeOffset before, DateTimeOffset now)
    {
        _kept[id] = item;
        _ids.Add(id);
        _changes.Remove((before.UtcTicks, id));
        _changes.Add((now.UtcTicks, id));
    }

    /// <summary>Ids in the order of their changes, in this span; those behind a place only.</summary>
    public IEnumerable<(long At, long Id)> Changed(ShopSpan span, (long At, long Id)? after)
    {
        var from = after is var (at, id) ? (at, id + 1) : (span.From, long.MinValue);
        return from.CompareTo((span.Until, long.MaxValue)) > 0 ? [] : _changes.GetViewBetween(from, (span.Until, long.MaxValue));
    }

    /// <summary>Rising ids above this one.</summary>
    public IEnumerable<(long At, long Id)> Above(long id) => id == long.MaxValue ? [] : _ids.GetViewBetween(id + 1, long.MaxValue).Select(one => (0L, one));

    public int CountOf(ShopSpan span) => span == ShopSpan.All ? Count : Changed(span, after: null).Count();
}

/// <summary>All that a shop has.</summary>
internal sealed class ShopShelves
{
    public ShopShelves(string shop, ShopSeed? seed)
    {
        Customers = new(id => seed?.Customer(id, shop));
        Orders = new(id => seed?.Order(id, shop, Customers.Find));
        Customers.Seed(seed?.AllCustomers ?? []);
        Orders.Seed(seed?.AllOrders ?? []);
    }

    public ShopShelf<ShopCustomer> Customers { get; }

    public ShopShelf<ShopOrder> Orders { get; }
}

/// <summary>From a tick to a tick, both with it.</summary>
internal readonly record struct ShopSpan(long From, long Until)
{
    public static ShopSpan All { get; } = new(0, long.MaxValue - 1);

    public ShopSpan And(ShopSpan other) => new(Math.Max(From, other.From), Math.Min(Until, other.Until));
}
