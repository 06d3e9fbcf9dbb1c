using System.Buffers;
using System.Globalization;

namespace ValueChainHub.Core.Identity;

/// <summary>Which e-mail addresses identify a person, and how they are written (SEMANTICS 1).</summary>
public static class EmailAddress
{
    /// <summary>Domains of relays, by suffix: the address identifies, is never the primary one and never goes to marketing.</summary>
    private static readonly string[] RelayDomains =
    [
        "privaterelay.appleid.com", "marketplace.amazon.com", "marketplace.amazon.co.uk", "marketplace.amazon.de", "marketplace.amazon.fr",
        "marketplace.amazon.it", "marketplace.amazon.es", "marketplace.amazon.ca", "marketplace.amazon.co.jp", "members.ebay.com",
        "relay.walmart.com", "scs.tiktokw.us", "mail.etsy.com",
    ];

    /// <summary>Local parts and domains that stand for nobody.</summary>
    private static readonly HashSet<string> NobodyLocalParts = new(StringComparer.Ordinal) { "noreply", "no-reply", "donotreply", "do-not-reply", "none", "n/a", "na", "null", "unknown" };

    private static readonly HashSet<string> NobodyDomains = new(StringComparer.Ordinal) { "example.invalid", "invalid", "localhost", "none.com", "noemail.com" };

    private static readonly SearchValues<char> NeverInLocalPart = SearchValues.Create(" \t\"(),:;<>@[]\\*");

    private static readonly SearchValues<char> DomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Trimmed, lower case, with an IDN domain in its ASCII form; null for what identifies nobody: empty, masked (<c>a***@b.com</c>), impossible, blocked.</summary>
    /// <remarks>Dots and plus parts are kept: only the mailbox's own provider knows whether they matter.</remarks>
    public static string? Normalize(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed) || trimmed.Length > 254)
            return null;
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > 64 || at == trimmed.Length - 1)
            return null;
        var local = trimmed[..at].ToLowerInvariant();
        if (AsciiDomain(trimmed[(at + 1)..]) is not { } domain || !IsPossibleLocalPart(local))
            return null;
        return NobodyLocalParts.Contains(local) || NobodyDomains.Contains(domain) ? null : $"{local}@{domain}";
    }

    /// <summary>The address hides another behind a relay.</summary>
    public static bool IsRelay(string normalized)
    {
        var domain = normalized[(normalized.LastIndexOf('@') + 1)..];
        return Array.Exists(RelayDomains, relay => domain == relay || domain.EndsWith("." + relay, StringComparison.Ordinal));
    }

    private static bool IsPossibleLocalPart(string local) =>
        !local.AsSpan().ContainsAny(NeverInLocalPart) && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
        && !local.Any(char.IsControl);

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = new IdnMapping().GetAscii(domain).ToLowerInvariant();
            return ascii.Contains('.', StringComparison.Ordinal) && !ascii.AsSpan().ContainsAnyExcept(DomainCharacters) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
