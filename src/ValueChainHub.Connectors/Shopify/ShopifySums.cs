using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Whether the amounts of one order body add up, in shop money: lines less discounts, with shipping, tax, duties, tips and rounding, are the total.</summary>
internal static class ShopifySums
{
    /// <summary>Nothing for a body that adds up, or that leaves out what would be needed to say so.</summary>
    public static IReadOnlyList<string> Check(JsonElement body)
    {
        try
        {
            return [.. new[] { Lines(body), Total(body) }.OfType<string>()];
        }
        catch (UnreadableBodyException)
        {
            // Its translation names the field.
            return [];
        }
    }

    /// <summary>The lines of an edited order are no longer those it was placed with.</summary>
    private static string? Lines(JsonElement body)
    {
        if (Amount(body, "total_line_items_price"u8, "total_line_items_price_set"u8) is not { } told || !body.Has("line_items"u8))
            return null;
        var sum = 0m;
        foreach (var line in body.Objects("line_items"u8))
        {
            var quantity = line.Whole("quantity"u8) ?? 0;
            if (line.Whole("current_quantity"u8) is { } current && current != quantity)
                return null;
            sum += quantity * (Amount(line, "price"u8, "price_set"u8) ?? 0);
        }
        return sum == told ? null : $"its lines add up to {Text(body, sum)}, and it says {Text(body, told)}";
    }

    private static string? Total(JsonElement body)
    {
        var total = Amount(body, "total_price"u8, "total_price_set"u8);
        var lines = Amount(body, "total_line_items_price"u8, "total_line_items_price_set"u8);
        var shipping = Shipping(body);
        if (total is null || lines is null || shipping is null)
            return null;
        var discounts = Amount(body, "total_discounts"u8, "total_discounts_set"u8) ?? 0;
        // Shopify's prices hold the tax already in shops that show them so.
        var tax = body.Flag("taxes_included"u8) ? 0 : Amount(body, "total_tax"u8, "total_tax_set"u8) ?? 0;
        var others = (Amount(body, "original_total_duties"u8, "original_total_duties_set"u8) ?? 0)
            + (Amount(body, "original_total_additional_fees"u8, "original_total_additional_fees_set"u8) ?? 0)
            + (Amount(body, "total_tip_received"u8, "total_tip_received_set"u8) ?? 0)
            + (Amount(body, "total_cash_rounding_payment_adjustment"u8, "total_cash_rounding_payment_adjustment_set"u8) ?? 0);
        var sum = lines.Value - discounts + shipping.Value + tax + others;
        return sum == total
            ? null
            : $"lines {Text(body, lines.Value)} - discounts {Text(body, discounts)} + shipping {Text(body, shipping.Value)} + tax {Text(body, tax)} + others {Text(body, others)} is {Text(body, sum)}, and the total is {Text(body, total.Value)}";
    }

    private static decimal? Shipping(JsonElement body)
    {
        if (Amount(body, "total_shipping_price"u8, "total_shipping_price_set"u8) is { } told)
            return told;
        if (!body.Has("shipping_lines"u8))
            return null;
        var sum = 0m;
        foreach (var line in body.Objects("shipping_lines"u8))
            sum += Amount(line, "price"u8, "price_set"u8) ?? 0;
        return sum;
    }

    private static decimal? Amount(JsonElement body, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> set) => ShopifyBody.Side(body, set, "shop_money"u8)?.Amount ?? body.Amount(plain);

    private static string Text(JsonElement body, decimal amount) => Money.Format(body.Currency("currency"u8) ?? Refund.CurrencyOfOrder, amount);
}
