using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ValueChainHub.Core.Chain.Records;

/// <summary>An amount in one currency. Decimal, written as a string with the currency's own decimals (SEMANTICS 3).</summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money(string Currency, decimal Amount)
{
    /// <summary>The amount as text: <c>409.94</c> USD, <c>410</c> JPY, <c>1.250</c> KWD.</summary>
    public string AmountText => Format(Currency, Amount);

    public static string Format(string currency, decimal amount)
    {
        var decimals = Decimals(currency);
        var rounded = decimal.Round(amount, Math.Max(decimals, 0), MidpointRounding.AwayFromZero);
        return rounded.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Decimals by ISO 4217; two for a currency not named here.</summary>
    private static int Decimals(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };
}

/// <summary>Writes <c>{"currency":"USD","amount":"409.94"}</c>.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (currency, amount) = ("", 0m);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isCurrency = reader.ValueTextEquals("currency"u8);
            reader.Read();
            if (isCurrency)
                currency = reader.GetString()!;
            else
                amount = decimal.Parse(reader.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);
        }
        return new(currency, amount);
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("currency"u8, value.Currency);
        writer.WriteString("amount"u8, value.AmountText);
        writer.WriteEndObject();
    }
}
