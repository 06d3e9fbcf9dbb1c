using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Books;

/// <summary>The books added up (SEMANTICS 3 to 5): every customer with every figure, from the facts alone.</summary>
/// <param name="Customers">Who is known, by their parties.</param>
/// <param name="TillOrders">Orders of nobody in particular.</param>
public sealed record Account(IReadOnlyList<CustomerAccount> Customers, IReadOnlyList<OrderAccount> TillOrders)
{
    public static Account Of(Registers facts)
    {
        var orders = new OrderBooks(facts);
        var customers = Persons.Of(facts).Select(person => CustomerAccount.Of(person, facts, orders));
        return new([.. customers.OrderBy(customer => customer.Shopper)], [.. orders.Of(null)]);
    }

    /// <summary>What all customers' orders come to, by currency.</summary>
    public IReadOnlyDictionary<string, decimal> Money() => Sums.ByCurrency(Customers.SelectMany(customer => customer.LifetimeValue));
}

/// <summary>One customer as the hub's record must be.</summary>
public sealed record CustomerAccount
{
    /// <summary>Which shopper of the story. One shopper may be several customers, while nothing was told that ties them.</summary>
    public required int Shopper { get; init; }

    /// <summary>By any of these the hub must find this customer.</summary>
    public required IReadOnlyList<Party> Parties { get; init; }

    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public required IReadOnlyList<OrderAccount> Orders { get; init; }
    public required IReadOnlyDictionary<string, decimal> LifetimeValue { get; init; }
    public int Returns { get; init; }
    public required IReadOnlyList<ConsentAccount> Consents { get; init; }

    /// <summary>Of the primary e-mail address; null when nothing was said about it.</summary>
    public string? EmailDeliverability { get; init; }

    public int Conversations { get; init; }
    public int OpenConversations { get; init; }
    public DateTimeOffset? LastContactAt { get; init; }
    public int Received { get; init; }
    public int Opened { get; init; }
    public int OpenedByMachine { get; init; }
    public int Clicked { get; init; }
    public DateTimeOffset? LastOpenedAt { get; init; }
    public DateTimeOffset? LastClickedAt { get; init; }

    /// <summary>Orders that are no tests.</summary>
    public IEnumerable<OrderAccount> RealOrders => Orders.Where(order => !order.IsTest);

    /// <summary>Parcels of those.</summary>
    public IEnumerable<ParcelAccount> Parcels => RealOrders.SelectMany(order => order.Parcels);

    internal static CustomerAccount Of(Person person, Registers facts, OrderBooks orderBooks)
    {
        bool IsTheirs(Party? party) => party is not null && person.Parties.Contains(party);
        var orders = orderBooks.Of(person.Parties).ToList();
        var conversations = facts.Of<ConversationFact>().Where(fact => IsTheirs(fact.Party)).ToList();
        var messages = facts.Of<MessageFact>().Where(fact => IsTheirs(fact.Party)).ToLookup(fact => fact.Event);
        return new()
        {
            Shopper = person.Shopper,
            Parties = person.Parties,
            Name = person.Facts.Select(fact => fact.Name).FirstOrDefault(name => name is not null),
            Email = person.Facts.Select(fact => fact.Email).FirstOrDefault(email => email is not null),
            Phone = person.Facts.Select(fact => fact.Phone).FirstOrDefault(phone => phone is not null),
            Orders = orders,
            LifetimeValue = Sums.ByCurrency(orders.Where(order => order.CountsAsRevenue).Select(order => KeyValuePair.Create(order.Currency, order.Value))),
            Returns = orders.Where(order => !order.IsTest).Sum(order => order.Returns),
            Consents = ConsentAccount.Of(facts.Of<ConsentFact>().Where(fact => IsTheirs(fact.Party))),
            EmailDeliverability = Deliverability(facts.Of<TroubleFact>().Where(fact => IsTheirs(fact.Party) && fact.Channel == "email")),
            Conversations = conversations.Count,
            OpenConversations = conversations.Count(conversation => conversation.IsOpen),
            LastContactAt = facts.Of<ContactFact>().Where(fact => IsTheirs(fact.Party)).Max(fact => (DateTimeOffset?)fact.At),
            Received = messages[MessageEvent.Received].Count(),
            Opened = messages[MessageEvent.Opened].Count(),
            OpenedByMachine = messages[MessageEvent.OpenedByMachine].Count(),
            Clicked = messages[MessageEvent.Clicked].Count(),
            LastOpenedAt = messages[MessageEvent.Opened].Max(fact => (DateTimeOffset?)fact.At),
            LastClickedAt = messages[MessageEvent.Clicked].Max(fact => (DateTimeOffset?)fact.At),
        };
    }

    /// <summary>Of each trouble what was said last; of the troubles that last, the worst.</summary>
    private static string? Deliverability(IEnumerable<TroubleFact> facts)
    {
        var states = facts
            .GroupBy(fact => (fact.Address, fact.Trouble), (_, same) => same.MaxBy(fact => fact.At)!)
            .Select(fact => fact.IsOver ? "ok" : fact.Trouble)
            .ToList();
        return states.Count == 0 ? null : states.Contains("complained") ? "complained" : states.Contains("bounced") ? "bounced" : "ok";
    }
}

/// <summary>The latest act of an address.</summary>
public sealed record ConsentAccount(string Channel, string Address, string Purpose, string State, DateTimeOffset? At)
{
    internal static IReadOnlyList<ConsentAccount> Of(IEnumerable<ConsentFact> facts) =>
        [.. facts
            .GroupBy(fact => (fact.Channel, fact.Address, fact.Purpose), (_, same) => same.MaxBy(fact => (fact.At, fact.State == "denied"))!)
            .OrderBy(fact => fact.Channel, StringComparer.Ordinal).ThenBy(fact => fact.Address, StringComparer.Ordinal).ThenBy(fact => fact.Purpose, StringComparer.Ordinal)
            .Select(fact => new ConsentAccount(fact.Channel, fact.Address, fact.Purpose, fact.State, fact.IsDated ? fact.At : null))];
}

internal static class Sums
{
    public static IReadOnlyDictionary<string, decimal> ByCurrency(IEnumerable<KeyValuePair<string, decimal>> amounts)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (currency, amount) in amounts)
            sums[currency] = sums.GetValueOrDefault(currency) + amount;
        return sums;
    }
}
