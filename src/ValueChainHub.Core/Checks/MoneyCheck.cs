using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Checks;

/// <summary>Finds amounts that contradict each other: inside one body, between the bodies of one order, between an order and its refunds (SEMANTICS 3).</summary>
internal sealed class MoneyCheck
{
    private readonly Dictionary<EntityKey, List<Statement>> _statements = [];
    private readonly Dictionary<(EntityKey Order, string What), List<string>> _sums = [];

    public void Add(string file, Translation.Translated said, IReadOnlyList<string> sums)
    {
        foreach (var order in said.Entities.Where(change => change.Key.Type == EntityTypes.Order))
        {
            if (order.Facets.FirstOrDefault(facet => facet.Name == FacetNames.Core) is { } core)
                ListOf(_statements, order.Key).Add(new(file, core.Version.Revision, ChainJson.Read<Order>(core.Value)));
            foreach (var sum in sums)
                ListOf(_sums, (order.Key, sum)).Add(file);
        }
    }

    public List<MoneyDoubt> Report(IEnumerable<Entity> entities)
    {
        var orders = entities.Where(one => one.Key.Type == EntityTypes.Order && !one.IsDeleted).ToDictionary(one => one.Key);
        var doubts = _sums.Select(one => Doubt(one.Key.Order, one.Key.What, one.Value))
            .Concat(_statements.SelectMany(one => Contradictions(one.Key, one.Value)))
            .Concat(orders.Values.SelectMany(Refunds));
        return [.. doubts.OrderBy(doubt => doubt.Order, StringComparer.Ordinal).ThenBy(doubt => doubt.What, StringComparer.Ordinal)];
    }

    private IEnumerable<MoneyDoubt> Contradictions(EntityKey order, List<Statement> statements)
    {
        var known = statements.Where(one => one.Order.Total is not null).ToList();
        var currencies = known.Select(one => one.Order.Total!.Value.Currency).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (currencies.Count > 1)
            yield return Doubt(order, $"its total is told in several currencies: {string.Join(", ", currencies)}", known.ConvertAll(one => one.File));
        foreach (var same in known.Where(one => one.At is not null).GroupBy(one => one.At))
        {
            var totals = same.Select(one => one.Order.Total!.Value).Where(total => total.Currency == currencies[0]).DistinctBy(total => total.AmountText).ToList();
            if (totals.Count > 1)
                yield return Doubt(order, $"at one and the same time its total is told as {string.Join(" and as ", totals.Select(Text).Order(StringComparer.Ordinal))}", [.. same.Select(one => one.File)]);
        }
    }

    private IEnumerable<MoneyDoubt> Refunds(Entity entity)
    {
        if (!entity.Facets.TryGetValue(FacetNames.Core, out var core) || ChainJson.Read<Order>(core.Value) is not { Test: false, Total: { } total } order)
            yield break;
        var back = entity.Facets.Values
            .Where(facet => facet.Name.StartsWith("refund/", StringComparison.Ordinal))
            .Select(facet => ChainJson.Read<Refund>(facet.Value).Amount)
            .Where(amount => amount is { } given && (given.Currency == total.Currency || given.Currency == Refund.CurrencyOfOrder))
            .Sum(amount => amount!.Value.Amount);
        var refunded = new Money(total.Currency, back);
        if (back > total.Amount)
            yield return Doubt(entity.Key, $"{Text(refunded)} was given back of a total of {Text(total)}", FilesOf(entity.Key));
        else if (order.FinancialStatus == FinancialStatuses.Refunded && back < total.Amount)
            yield return Doubt(entity.Key, $"it says refunded, but the refunds known are {Text(refunded)} of {Text(total)}", FilesOf(entity.Key));
    }

    private MoneyDoubt Doubt(EntityKey order, string what, IReadOnlyList<string> files) =>
        new(order.ToString(), _statements.GetValueOrDefault(order)?.Find(one => one.Order.Number is not null)?.Order.Number, what, [.. files.Distinct(StringComparer.Ordinal)]);

    private List<string> FilesOf(EntityKey order) => _statements.GetValueOrDefault(order)?.ConvertAll(one => one.File) ?? [];

    private static string Text(Money money) => $"{money.AmountText} {money.Currency}";

    private static List<TValue> ListOf<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        return list;
    }

    private sealed record Statement(string File, DateTimeOffset? At, Order Order);
}
