using System.Globalization;

namespace ValueChainHub.Sandbox.Story;

/// <summary>Draws what one shopper does. The first shoppers do between them everything there is, so that no story is without it.</summary>
internal sealed class Life(Random random, Shopper shopper, PurchaseCounters counters, DateTimeOffset from)
{
    private static readonly (string Title, string Sku, decimal Price)[] Goods =
    [
        ("Linen shirt", "LIN-01", 59.90m), ("Wool socks", "SOX-03", 12.50m), ("Rain jacket", "JKT-07", 149.00m), ("Canvas bag", "BAG-02", 34.95m), ("Trail shoes", "SHO-11", 119.00m),
        ("Cap", "CAP-05", 19.99m), ("Scarf", "SCF-04", 27.45m),
    ];

    private static readonly string[] Carriers = ["ups", "usps", "dhl"];

    /// <summary>No order has as many parcels: the number of the one that comes back.</summary>
    private const int ReturnIndex = 9;

    private readonly List<Act> _acts = [];
    private int _conversations;

    /// <summary>In the order of their times, which differ all.</summary>
    public IReadOnlyList<Act> Draw()
    {
        var at = from + Days(random.NextDouble() * 25);
        if (!shopper.IsGuest)
            at = Do(new AccountOpened(at, shopper), 0.02, 1);
        if (Chance(1, 0.6))
            at = Do(new MarketingConsentChanged(at, shopper, Channel.Email, IsGranted: true), 0.1, 2);
        if (!shopper.IsGuest && Chance(2, 0.2))
            at = Do(new ShopConsentChanged(at, shopper, Channel.Email, IsGranted: true), 0.1, 2);
        if (shopper.OwnPhone is not null && Chance(3, 0.3))
            at = Do(new MarketingConsentChanged(at, shopper, Channel.Sms, IsGranted: true), 0.1, 2);
        Newsletters(at);
        var orders = 1 + random.Next(3) + (shopper.Number is 16 or 17 ? 1 : 0);
        for (var order = 0; order < orders; order++)
            at = Buy(at, isFirst: order == 0);
        Leave(at);
        return Apart();
    }

    private void Newsletters(DateTimeOffset from)
    {
        var at = from;
        for (var number = 1; number <= 2 + random.Next(4); number++)
        {
            at += Days(2 + random.NextDouble() * 5);
            if (number == 1 && Chance(9, 0.05))
            {
                _acts.Add(new MessageAct(at, shopper, number, MessageEvent.Bounced));
                continue;
            }
            _acts.Add(new MessageAct(at, shopper, number, MessageEvent.Received));
            if (Chance(4, 0.5))
                _acts.Add(new MessageAct(at + Hours(0.1), shopper, number, MessageEvent.OpenedByMachine));
            if (!Chance(1, 0.5))
                continue;
            _acts.Add(new MessageAct(at + Hours(1 + random.NextDouble() * 10), shopper, number, MessageEvent.Opened));
            if (Chance(1, 0.4))
                _acts.Add(new MessageAct(at + Hours(12), shopper, number, MessageEvent.Clicked));
        }
    }

    /// <summary>A checkout, and mostly an order. Answers when the shopper may think of the next one.</summary>
    private DateTimeOffset Buy(DateTimeOffset at, bool isFirst)
    {
        var kind = Chance(17, 0.03) && !isFirst ? PurchaseKind.Test : Chance(16, 0.05) && !isFirst ? PurchaseKind.Till : PurchaseKind.Web;
        var purchase = Purchase(kind);
        if (kind == PurchaseKind.Web)
            at = Do(new CheckoutStarted(at, shopper, purchase), 0.01, 0.1);
        if (!isFirst && random.NextDouble() < 0.2)
            return at + Days(2);
        at = Do(new OrderPlaced(at, shopper, purchase), 0.01, 0.1);
        if (kind == PurchaseKind.Till)
            return at + Days(3);
        if (isFirst && Chance(7, 0.05))
            return Do(new OrderCancelled(at, shopper, purchase), 2, 5);
        at = Do(new OrderPaid(at, shopper, purchase), 0.1, 0.5);
        if (kind == PurchaseKind.Test)
            return at + Days(1);
        if (isFirst && Chance(8, 0.06))
            at = Do(new OrderEdited(at, shopper, purchase, new("Gift wrap", "GFT-01", 1, 4.50m)), 0.05, 0.3);
        at = Do(new OrderImported(at, shopper, purchase), 0.05, 0.2);
        var delivered = Ship(at, purchase, isFirst);
        Regret(delivered, purchase, isFirst);
        return at + Days(4 + random.NextDouble() * 8);
    }

    /// <summary>In one parcel or two. Answers when the last arrived, or should have.</summary>
    private DateTimeOffset Ship(DateTimeOffset at, Purchase purchase, bool isFirst)
    {
        var count = isFirst && Chance(1, 0.3) ? 2 : 1;
        var last = at;
        for (var index = 1; index <= count; index++)
        {
            var package = Package(purchase, index);
            var sentAt = at + Days(0.3 * index) + Hours(random.NextDouble());
            if (package.Number is not null)
                Label(sentAt - Hours(2), purchase, package);
            _acts.Add(new PackageSent(sentAt, shopper, purchase, package, IsLast: index == count));
            last = Max(last, Travel(sentAt, purchase, package, isLate: index == count && isFirst && IsLate()));
        }
        return last;
    }

    /// <summary>Some are bought twice: the first had a mistake in it.</summary>
    private void Label(DateTimeOffset at, Purchase purchase, Package package)
    {
        if (Chance(1, 0.1))
        {
            var mistaken = package with { Number = package.Number + "9" };
            _acts.Add(new LabelBought(at - Hours(2), shopper, purchase, mistaken));
            _acts.Add(new LabelVoided(at - Hours(1), shopper, purchase, mistaken));
        }
        _acts.Add(new LabelBought(at, shopper, purchase, package));
    }

    private DateTimeOffset Travel(DateTimeOffset sentAt, Purchase purchase, Package package, bool isLate)
    {
        var at = sentAt + Hours(6 + random.NextDouble() * 12);
        See(at, purchase, package, ScanStatus.InTransit);
        at += Days(1 + random.NextDouble() * 2);
        if (isLate)
            at = BeLate(at, purchase, package);
        See(at, purchase, package, ScanStatus.OutForDelivery);
        at += Hours(3 + random.NextDouble() * 5);
        See(at, purchase, package, package.Number is not null && Chance(13, 0.03) ? ScanStatus.Returned : ScanStatus.Delivered);
        return at;
    }

    /// <summary>Whoever shall do something special at the help desk must first have a reason to go there.</summary>
    private bool IsLate() => Chance(1, 0.25) || shopper.Number is 11 or 12 or 18 or 19;

    /// <summary>Late: the carrier says so, the shopper asks where it is, support answers, and it goes on.</summary>
    private DateTimeOffset BeLate(DateTimeOffset at, Purchase purchase, Package package)
    {
        if (package.Number is not null)
            _acts.Add(new PackageScanned(at, shopper, purchase, package, ScanStatus.Exception, at + Days(4)));
        return Ask(at + Hours(20)) + Days(1);
    }

    private DateTimeOffset Ask(DateTimeOffset at)
    {
        var conversation = ++_conversations;
        at = Do(new SupportAsked(at, shopper, conversation), 0.01, 0.2);
        at = Do(new SupportAnswered(at, shopper, conversation), 0.1, 0.5);
        if (Chance(1, 0.3))
            at = Do(new SupportTaskOpened(at, shopper, conversation), 0.1, 0.5);
        if (Chance(11, 0.8))
            at = Do(new SupportClosed(at, shopper, conversation), 0.2, 1);
        if (_acts[^1] is SupportClosed && Chance(12, 0.15))
            at = Do(new SupportReopened(at, shopper, conversation), 0.1, 0.4);
        if (_acts.OfType<SupportTaskOpened>().Any(task => task.Conversation == conversation))
            at = Do(new SupportTaskClosed(at, shopper, conversation), 0.1, 0.3);
        return conversation == 1 ? Mistake(at) : at;
    }

    /// <summary>What happens at the help desk to the profiles of people: one is made twice, one shall not be written to.</summary>
    private DateTimeOffset Mistake(DateTimeOffset at)
    {
        if (shopper.OwnPhone is not null && Chance(19, 0.3))
            at = Do(new SupportPreferenceChanged(at, shopper, MayText: false), 0.05, 0.1);
        if (!Chance(1, 0.2) && shopper.Number != 18)
            return at;
        at = Do(new SecondProfileMade(at, shopper), 0.05, 0.2);
        return random.NextDouble() < 0.7 && shopper.Number != 18 ? Do(new SecondProfileMerged(at, shopper), 0.1, 0.2) : Do(new SecondProfileDeleted(at, shopper), 0.1, 0.2);
    }

    /// <summary>Something does not fit: part of the money, or all of it, goes back.</summary>
    private void Regret(DateTimeOffset at, Purchase purchase, bool isFirst)
    {
        if (!isFirst || !Chance(1, 0.2))
            return;
        at += Days(1);
        if (Chance(1, 0.6))
        {
            at = Do(new ReturnRequested(at, shopper, purchase), 0.1, 0.2);
            at = Do(new LabelBought(at, shopper, purchase, Package(purchase, ReturnIndex), IsReturn: true), 1, 2);
        }
        var isWhole = Chance(14, 0.3);
        var line = purchase.Lines[0];
        at = Do(isWhole ? new RefundMade(at, shopper, purchase, purchase.Total, 0) : new RefundMade(at, shopper, purchase, line.Price, Chance(1, 0.4) ? 4.95m : 0), 0.5, 1);
        if (_acts.OfType<ReturnRequested>().Any(one => one.Purchase == purchase))
            Do(new ReturnClosed(at, shopper, purchase), 1, 2);
    }

    private void Leave(DateTimeOffset at)
    {
        at += Days(1);
        if (Chance(10, 0.03))
            at = Do(new MessageAct(at, shopper, 99, MessageEvent.MarkedAsSpam), 0.1, 1);
        if (Chance(1, 0.15))
            at = Do(new MarketingConsentChanged(at, shopper, Channel.Email, IsGranted: false), 0.1, 1);
        if (!shopper.IsGuest && Chance(5, 0.08))
            at = Do(new ShopConsentChanged(at, shopper, Channel.Email, IsGranted: Chance(5, 0.3)), 0.1, 1);
        if (!shopper.IsGuest && Chance(15, 0.05))
            Do(new PrivacyAsked(at, shopper, ToErase: random.NextDouble() < 0.4), 0.1, 1);
    }

    /// <summary>The carrier reports what has a number; the storefront follows half of the parcels, and all without.</summary>
    private void See(DateTimeOffset at, Purchase purchase, Package package, ScanStatus status)
    {
        if (package.Number is not null)
            _acts.Add(new PackageScanned(at, shopper, purchase, package, status));
        if (status != ScanStatus.Returned && (package.Number is null || purchase.Id % 2 == 0))
            _acts.Add(new PackageSeenByShop(at + Hours(0.2), shopper, purchase, package, status));
    }

    private Purchase Purchase(PurchaseKind kind)
    {
        var (id, number) = counters.Next(shopper.Shop);
        var lines = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Goods[random.Next(Goods.Length)]).DistinctBy(goods => goods.Sku);
        return new(id, number, kind, [.. lines.Select(goods => new Line(goods.Title, goods.Sku, 1 + random.Next(2), goods.Price))], kind == PurchaseKind.Web ? 5.90m : 0);
    }

    private Package Package(Purchase purchase, int index)
    {
        if (random.NextDouble() < 0.05)
            return new(index, "usps", null);
        var carrier = Carriers[random.Next(Carriers.Length)];
        var number = (purchase.Id * 10) + index;
        return new(index, carrier, carrier switch
        {
            "ups" => string.Create(CultureInfo.InvariantCulture, $"1Z999AA1{number:D10}"),
            "usps" => string.Create(CultureInfo.InvariantCulture, $"940011089956{number:D10}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"30{number:D8}"),
        });
    }

    /// <summary>Does an act, and answers a time some days later.</summary>
    private DateTimeOffset Do(Act act, double atLeast, double atMost)
    {
        _acts.Add(act);
        return act.At + Days(atLeast + (random.NextDouble() * (atMost - atLeast)));
    }

    /// <summary>The shopper with this number does it for certain, others perhaps.</summary>
    private bool Chance(int number, double probability) => random.NextDouble() < probability || shopper.Number == number;

    /// <summary>Whole seconds, no two the same: so the later of two acts is the later by every vendor's clock.</summary>
    private List<Act> Apart()
    {
        var last = DateTimeOffset.MinValue;
        var apart = new List<Act>();
        foreach (var act in _acts.OrderBy(act => act.At))
        {
            var at = new DateTimeOffset(act.At.UtcTicks - (act.At.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            last = at > last ? at : last.AddSeconds(1);
            apart.Add(act with { At = last });
        }
        return apart;
    }

    private static TimeSpan Days(double days) => TimeSpan.FromDays(days);

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
