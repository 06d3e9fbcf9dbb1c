using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>How much a refund gave back (SEMANTICS 3).</summary>
internal static class ShopifyRefunds
{
    /// <summary>refunds/create.</summary>
    public static void Read(JsonElement body, TranslationDraft draft)
    {
        var orderId = body.RequiredId("order_id"u8);
        var refund = Write(body, draft, orderId, draft.Source, orderCurrency: null);
        draft.At = refund.At;
        draft.Tell(EventCatalogue.OrderRefunded, draft.Key("order", orderId), refund.At, ChainJson.Write(refund));
    }

    /// <summary>Writes the register of one refund. A refund is made once, so the time it was made is its version.</summary>
    public static Refund Write(JsonElement body, TranslationDraft draft, string orderId, SourceClass source, string? orderCurrency)
    {
        var id = body.OwnId();
        var at = body.Time("created_at"u8) ?? body.Time("processed_at"u8);
        var returnId = body.Object("return"u8) is { } ofReturn ? ofReturn.OwnId() : null;
        var refund = new Refund(id, orderId, Amount(body, orderCurrency), at, returnId);
        draft.Touch(draft.Key("order", orderId), Homing.Shopper);
        // A body that does not say how much (its payment is still pending) must not hide one that does: no revision, so the lowest.
        var version = new FacetVersion(refund.Amount is null ? null : at, source, 0);
        draft.Write(draft.Key("order", orderId), Homing.Shopper, FacetNames.Refund(id), version, refund);
        return refund;
    }

    /// <summary>
    /// Line items (subtotal + tax) less order adjustments (amount + tax, negative for money given back) plus duties, in shop money.
    /// The transactions count only when both lists are empty.
    /// </summary>
    internal static Money? Amount(JsonElement body, string? orderCurrency)
    {
        var lines = body.Objects("refund_line_items"u8);
        var adjustments = body.Objects("order_adjustments"u8);
        var duties = Duties(body, orderCurrency);
        if (!lines.Any() && !adjustments.Any())
            return Transactions(body, orderCurrency ?? duties?.Currency);

        var sum = new MoneySum(orderCurrency);
        foreach (var line in lines)
            sum.Add(line.ShopMoney("subtotal_set"u8, "subtotal"u8, orderCurrency)).Add(line.ShopMoney("total_tax_set"u8, "total_tax"u8, orderCurrency));
        foreach (var adjustment in adjustments)
            sum.Less(adjustment.ShopMoney("amount_set"u8, "amount"u8, orderCurrency)).Less(adjustment.ShopMoney("tax_amount_set"u8, "tax_amount"u8, orderCurrency));
        return sum.Add(duties).Total;
    }

    private static Money? Duties(JsonElement body, string? orderCurrency)
    {
        if (ShopifyBody.Side(body, "total_duties_set"u8, "shop_money"u8) is { } total)
            return total;
        var sum = new MoneySum(orderCurrency);
        foreach (var duty in body.Objects("duties"u8))
            sum.Add(duty.ShopMoney("amount_set"u8, "amount"u8, orderCurrency));
        return sum.Total;
    }

    /// <summary>Successful refund transactions in the order's currency; when that is not known here, those of the first one's currency.</summary>
    private static Money? Transactions(JsonElement body, string? orderCurrency)
    {
        var sum = new MoneySum(orderCurrency);
        foreach (var transaction in body.Objects("transactions"u8))
        {
            if (transaction.Word("kind"u8) != "refund" || transaction.Word("status"u8) != "success")
                continue;
            if (transaction.Currency("currency"u8) is { } currency && transaction.Amount("amount"u8) is { } amount)
                sum.Add(new Money(currency, amount));
        }
        return sum.Total;
    }

    private static bool Any(this JsonElement.ArrayEnumerator items) => items.MoveNext();
}

/// <summary>A sum in one currency: the order's when it is known, otherwise that of the first amount. Amounts in another currency do not count.</summary>
internal sealed class MoneySum(string? currency)
{
    private string? _currency = currency;
    private decimal? _amount;

    public Money? Total => _amount is { } amount ? new Money(_currency ?? Refund.CurrencyOfOrder, amount) : null;

    public MoneySum Add(Money? money) => Count(money, 1);

    public MoneySum Less(Money? money) => Count(money, -1);

    private MoneySum Count(Money? money, int sign)
    {
        if (money is not { } value)
            return this;
        if (value.Currency != Refund.CurrencyOfOrder)
            _currency ??= value.Currency;
        if (value.Currency == _currency || value.Currency == Refund.CurrencyOfOrder)
            _amount = (_amount ?? 0) + sign * value.Amount;
        return this;
    }
}
