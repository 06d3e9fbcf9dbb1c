using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What vendors' destinations share.</summary>
internal static class Writes
{
    /// <summary>What came of a call that answers no more than that it was done.</summary>
    public static WriteOutcome Outcome(CallFailure? failure, string? vendorId = null) => failure is { } known ? Failed(known) : new WriteOutcome.Written(vendorId);

    public static WriteOutcome.Failed Failed(CallFailure failure)
    {
        var answer = failure.Status is { } status ? new VendorAnswer(status, failure.Marks.Code, failure.Marks.RequestId) : null;
        return new(failure.Kind, failure.Reason, failure.NotBefore, answer);
    }

    public static WriteOutcome NoKey { get; } = new WriteOutcome.Failed(Core.Connectors.FailureKind.Unauthorized, "no ApiKey is set");

    /// <summary>An id of ours for something at a vendor: safe in a URL, below 50 characters, the same for ever for the same key.</summary>
    public static string OwnId(string key) => "vch-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20));

    /// <summary>A whole name in the two parts that vendors keep; joined by a blank they are the name again.</summary>
    public static (string? First, string? Last) Parts(string? name)
    {
        if (name is null)
            return (null, null);
        var blank = name.LastIndexOf(' ');
        return blank < 0 ? (name, "") : (name[..blank], name[(blank + 1)..]);
    }

    /// <summary>Facts of a customer as texts under the hub's own names; what is unknown is left out, and so stays as it is.</summary>
    public static Dictionary<string, string> Facts(CustomerState state) => FactsOf(state).Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal);

    /// <summary>The canonical JSON of a record, as an object.</summary>
    public static JsonElement Data(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

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

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
