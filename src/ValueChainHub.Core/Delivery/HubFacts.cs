using System.Globalization;

namespace ValueChainHub.Core.Delivery;

/// <summary>Facts of a customer as texts under the hub's own names: attributes of a profile at support, properties of one at marketing. What stands under such a name is the hub's, whoever wrote it.</summary>
public static class HubFacts
{
    /// <summary>What all their names begin with.</summary>
    public const string Prefix = "vch";

    /// <summary>What is unknown is left out, and so stays as it is.</summary>
    public static Dictionary<string, string> Of(CustomerState state) =>
        FactsOf(state).Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal);

    private static IEnumerable<(string Name, string? Value)> FactsOf(CustomerState state)
    {
        if (state.Storefront is { } storefront)
        {
            yield return ("vchOrders", Text(storefront.Orders));
            yield return ("vchLifetimeValue", string.Join(", ", storefront.LifetimeValue.Select(money => $"{money.AmountText} {money.Currency}")));
            yield return ("vchLastOrderAt", Text(storefront.LastOrderAt));
        }
        if (state.Fulfillment is { } fulfillment)
            yield return ("vchParcelsInTransit", Text(fulfillment.InTransit));
        if (state.LastParcel is { } parcel)
        {
            yield return ("vchLastParcel", string.Join(' ', new[] { parcel.Carrier, parcel.Number }.OfType<string>()));
            yield return ("vchLastParcelStatus", parcel.Status);
        }
        if (state.Service is { } service)
            yield return ("vchOpenConversations", Text(service.OpenConversations));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
