using System.Collections.Frozen;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Carriers by family: vendors write one carrier in many ways, and a parcel is known by its family and number (SEMANTICS 5).</summary>
internal static class Carriers
{
    /// <summary>First match wins, so the longer words stand before those they contain.</summary>
    private static readonly (string Word, string Family)[] Families =
    [
        ("amazon", "amazon"), ("shipbob", "shipbob"), ("australiapost", "australia_post"), ("auspost", "australia_post"), ("canadapost", "canada_post"),
        ("postescanada", "canada_post"), ("royalmail", "royal_mail"), ("deutschepost", "dhl"), ("dhl", "dhl"), ("fedex", "fedex"), ("federalexpress", "fedex"),
        ("usps", "usps"), ("unitedstatespostal", "usps"), ("uspostal", "usps"), ("stamps", "usps"),
        ("unitedparcel", "ups"), ("ups", "ups"), ("tnt", "tnt"), ("dpd", "dpd"),
        ("gls", "gls"), ("hermes", "hermes"), ("evri", "evri"), ("purolator", "purolator"), ("ontrac", "ontrac"), ("lasership", "ontrac"), ("bpost", "bpost"),
        ("postnl", "postnl"), ("laposte", "la_poste"), ("colissimo", "la_poste"), ("chronopost", "chronopost"), ("correos", "correos"), ("bluedart", "bluedart"),
    ];

    private static readonly FrozenSet<string> NoCarrier = FrozenSet.ToFrozenSet(["other", "none", "unknown", "na", "custom", "manual"], StringComparer.Ordinal);

    /// <summary>The family (<c>ups</c>, <c>usps</c>, <c>fedex</c>, <c>dhl</c>, ...); a carrier not in the table by its own letters and digits; null for none.</summary>
    public static string? Family(string? carrier)
    {
        if (string.IsNullOrWhiteSpace(carrier))
            return null;
        var word = new string([.. carrier.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
        if (word.Length == 0 || NoCarrier.Contains(word))
            return null;
        foreach (var (start, family) in Families)
        {
            if (word.StartsWith(start, StringComparison.Ordinal))
                return family;
        }
        return word;
    }

    /// <summary>A tracking number as parcels are known by it: upper case, without spaces; null for a blank one.</summary>
    public static string? TrackingNumber(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return string.Concat(text.Where(character => !char.IsWhiteSpace(character))).ToUpperInvariant();
    }
}
