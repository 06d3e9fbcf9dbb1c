using System.Globalization;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.EndToEnd.Tests.Sandbox.InStep;

/// <summary>What each vendor should hold, added up from the sandbox's books and story alone, and each place where one holds something else.</summary>
internal sealed class Duties(SandboxRun run)
{
    private const string Prefix = "vch";

    private readonly Dictionary<string, CustomerAccount> _customers = Of(run);
    private readonly ILookup<string, Statement> _said = Statement.Last(run.Story).ToLookup(one => one.Address, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, Shopper> _shoppers = run.Story.Shoppers.ToDictionary(one => one.Number);

    /// <summary>Fields that were compared.</summary>
    public int Compared { get; private set; }

    public IReadOnlyList<string> Differences() =>
        [.. Shop(WritingHub.Shop), .. Shop(WritingHub.ShopAbroad), .. Support(), .. Marketing(), .. Unknown()];

    /// <summary>Every customer by each of its parties, as the hub can know it.</summary>
    private static Dictionary<string, CustomerAccount> Of(SandboxRun run) =>
        run.Books.Close().Told.Customers.SelectMany(customer => customer.Parties.Select(party => (party, customer))).ToDictionary(one => one.party.ToString(), one => one.customer, StringComparer.Ordinal);

    /// <summary>Tags under the hub's prefix, and the consent of the account's own addresses with the time of the act.</summary>
    private IEnumerable<string> Shop(string shop)
    {
        foreach (var account in run.Vendor(shop).Holds().Accounts)
        {
            var (where, customer) = ($"{shop} {account.Shopper}", CustomerOf(shop, account));
            var tags = account.Tags.Where(tag => tag.StartsWith("vch-", StringComparison.Ordinal));
            foreach (var difference in Same(where, "tags", Join(TagsOf(customer)), Join(tags)).Concat(Consents(where, account, isDated: _ => true)))
                yield return difference;
        }
    }

    /// <summary>Attributes under the hub's names.</summary>
    private IEnumerable<string> Support() =>
        run.Vendor(WritingHub.Support).Holds().Accounts.SelectMany(account =>
            Facts($"{WritingHub.Support} {account.Shopper}", account, FactsOf(CustomerOf(WritingHub.Support, account), withService: false)));

    /// <summary>Properties under the hub's names, name, and consent; a denial has the time at which it was written, since the vendor takes no other.</summary>
    private IEnumerable<string> Marketing() =>
        run.Vendor(WritingHub.Marketing).Holds().Accounts.SelectMany(account =>
        {
            var (where, customer) = ($"{WritingHub.Marketing} {account.Shopper}", CustomerOf(WritingHub.Marketing, account));
            return Facts(where, account, FactsOf(customer, withService: true))
                .Concat(Same(where, "name", _shoppers.GetValueOrDefault(account.Shopper)?.Name, account.Name))
                .Concat(Consents(where, account, isDated: said => said.State == "granted"));
        });

    /// <summary>Everybody with an address is known to marketing, once.</summary>
    private IEnumerable<string> Unknown()
    {
        var known = run.Vendor(WritingHub.Marketing).Holds().Accounts.SelectMany(account => account.Emails).CountBy(email => email, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return _customers.Values.Distinct().Where(customer => customer.Email is not null)
            .SelectMany(customer => Same($"{WritingHub.Marketing} {customer.Shopper}", "profiles", 1, known.GetValueOrDefault(customer.Email!)));
    }

    private CustomerAccount CustomerOf(string vendor, HeldAccount account) =>
        _customers.GetValueOrDefault(Party.Account(vendor, account.Id, account.Shopper).ToString())
        ?? _customers.Values.FirstOrDefault(customer => customer.Email is { } email && account.Emails.Contains(email, StringComparer.OrdinalIgnoreCase))
        ?? new() { Shopper = account.Shopper, Parties = [], Orders = [], LifetimeValue = new Dictionary<string, decimal>(), Consents = [] };

    private IEnumerable<string> Facts(string where, HeldAccount account, Dictionary<string, string> duties)
    {
        var held = account.Attributes.Where(one => one.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return duties.Keys.Union(held.Keys, StringComparer.Ordinal).SelectMany(name => Same(where, name, duties.GetValueOrDefault(name), held.GetValueOrDefault(name)));
    }

    private IEnumerable<string> Consents(string where, HeldAccount account, Func<Statement, bool> isDated)
    {
        foreach (var (channel, address) in account.Emails.Select(email => ("email", email)).Concat(account.Phones.Select(phone => ("sms", phone))))
        {
            var (said, held) = (_said[address].FirstOrDefault(one => one.Channel == channel), account.Consents.FirstOrDefault(one => one.Channel == channel && one.Address == address));
            foreach (var difference in Same(where, $"consent.{channel}", said?.State, held?.State))
                yield return difference;
            if (said is not null && held is not null && said.State == held.State && isDated(said) && !said.Times.Contains(held.At))
                yield return $"{where}: consent.{channel}.at is {Shown(held.At)}, should be {string.Join(" or ", said.Times.Select(Shown))}";
        }
    }

    private static IEnumerable<string> TagsOf(CustomerAccount customer)
    {
        if (customer.OpenConversations > 0)
            yield return "vch-support-open";
        if (customer.Conversations > 0)
            yield return "vch-support-known";
        var orders = customer.RealOrders.Count(order => !order.IsCancelled);
        if (orders > 0)
            yield return orders == 1 ? "vch-cohort-first" : orders < 5 ? "vch-cohort-repeat" : "vch-cohort-loyal";
    }

    private static Dictionary<string, string> FactsOf(CustomerAccount customer, bool withService)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vchOrders"] = Text(customer.RealOrders.Count()),
            ["vchLifetimeValue"] = string.Join(", ", customer.LifetimeValue.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:0.00} {one.Key}"))),
            ["vchParcelsInTransit"] = Text(customer.Parcels.Count(parcel => parcel.State == ParcelState.InTransit)),
        };
        if (withService)
            facts["vchOpenConversations"] = Text(customer.OpenConversations);
        if (customer.RealOrders.Max(order => (DateTimeOffset?)order.PlacedAt) is { } last)
            facts["vchLastOrderAt"] = last.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (customer.RealOrders.OrderByDescending(order => order.PlacedAt).FirstOrDefault(order => order.Parcels.Count > 0) is { Parcels: [.., var parcel] })
        {
            facts["vchLastParcel"] = string.Join(' ', new[] { parcel.Carrier, parcel.Number }.OfType<string>());
            facts["vchLastParcelStatus"] = WordOf(parcel.LastScan);
        }
        return facts;
    }

    private static string WordOf(ScanStatus? scan) => scan switch
    {
        ScanStatus.OutForDelivery => "out_for_delivery",
        ScanStatus.Delivered => "delivered",
        ScanStatus.Exception => "exception",
        ScanStatus.Returned => "returned",
        _ => "in_transit",
    };

    private IEnumerable<string> Same<T>(string where, string field, T expected, T held)
    {
        Compared++;
        return EqualityComparer<T>.Default.Equals(expected, held) ? [] : [$"{where}: {field} is {Shown(held)}, should be {Shown(expected)}"];
    }

    private static string Shown<T>(T value) => value is DateTimeOffset time ? time.ToString("O", CultureInfo.InvariantCulture) : value?.ToString() ?? "nothing";

    private static string Join(IEnumerable<string> texts) => string.Join(',', texts.Order(StringComparer.Ordinal));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
