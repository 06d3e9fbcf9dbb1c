using System.Globalization;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>What all of Shopify's bodies share: 64-bit ids, global ids, money in two currencies.</summary>
internal static class ShopifyBody
{
    private const string GlobalIdStart = "gid://shopify/";

    /// <summary>An id as decimal text, from a number, from digits or from <c>gid://shopify/Order/123</c>. Never by way of a double: ids have 64 bits.</summary>
    public static string? Id(this JsonElement body, ReadOnlySpan<byte> name)
    {
        if (body.Field(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0)
            return number.ToString(CultureInfo.InvariantCulture);
        return value.ValueKind == JsonValueKind.String && body.Text(name) is { } text && IdOf(text) is { } id ? id : throw JsonBody.Wrong(name, "an id");
    }

    /// <summary>An id without which the body says nothing.</summary>
    public static string RequiredId(this JsonElement body, ReadOnlySpan<byte> name) =>
        Id(body, name) ?? throw new UnreadableBodyException($"{System.Text.Encoding.UTF8.GetString(name)} is missing");

    /// <summary>The id of the body itself; older and newer bodies carry a number, a global id or both.</summary>
    public static string OwnId(this JsonElement body) => Id(body, "id"u8) ?? RequiredId(body, "admin_graphql_api_id"u8);

    /// <summary>Shop money (SEMANTICS 3): <c>*_set.shop_money</c>, otherwise the plain amount in the currency given.</summary>
    public static Money? ShopMoney(this JsonElement body, ReadOnlySpan<byte> set, ReadOnlySpan<byte> plain, string? currency) =>
        Side(body, set, "shop_money"u8) ?? (body.Amount(plain) is { } amount ? new Money(currency ?? Refund.CurrencyOfOrder, amount) : null);

    /// <summary>What the shopper saw.</summary>
    public static Money? PresentmentMoney(this JsonElement body, ReadOnlySpan<byte> set) => Side(body, set, "presentment_money"u8);

    /// <summary>One side of a money set.</summary>
    public static Money? Side(JsonElement body, ReadOnlySpan<byte> set, ReadOnlySpan<byte> side)
    {
        if (body.Object(set)?.Object(side) is not { } money || money.Amount("amount"u8) is not { } amount)
            return null;
        return (money.Currency("currency_code"u8) ?? money.Currency("currency"u8)) is { } currency ? new Money(currency, amount) : null;
    }

    public static string? Currency(this JsonElement body, ReadOnlySpan<byte> name) => body.Text(name)?.ToUpperInvariant();

    /// <summary><c>First Last</c>, whichever there are.</summary>
    public static string? Name(this JsonElement body) => Join(body.Text("first_name"u8), body.Text("last_name"u8));

    public static string? Join(string? first, string? last) => string.Join(' ', new[] { first, last }.OfType<string>()) is { Length: > 0 } name ? name : null;

    /// <summary>The decimal text of an id written as text or as a global id; null when it is none.</summary>
    public static string? IdOf(string text)
    {
        var digits = text.AsSpan();
        if (text.StartsWith(GlobalIdStart, StringComparison.Ordinal))
        {
            digits = digits[GlobalIdStart.Length..];
            digits = digits[(digits.IndexOf('/') + 1)..];
            if (digits.IndexOf('?') is var query and >= 0)
                digits = digits[..query];
        }
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id.ToString(CultureInfo.InvariantCulture) : null;
    }
}
