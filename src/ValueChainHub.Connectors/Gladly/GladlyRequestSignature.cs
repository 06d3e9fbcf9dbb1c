using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>How Gladly signs the requests of its lookup adapter: an HMAC over the normalised request, with a key of the day.</summary>
/// <remarks>
/// <code>Gladly-Authorization: SigningAlgorithm=hmac-sha256, SignedHeaders=a;b;c, Signature=(hex)</code>
/// Pure: the clock is handed in. The headers are those that the vendor says it signed; the time must be one of them, or an old request could be sent again.
/// </remarks>
internal static class GladlyRequestSignature
{
    public const string SignatureHeader = "Gladly-Authorization";
    public const string TimeHeader = "Gladly-Time";

    private const string Algorithm = "hmac-sha256";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int LengthOfDay = 8;
    private const int MostHeaders = 64;

    /// <summary>How far the signed time may lie from now, in both directions.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Why the request is not proved to be Gladly's; null when it is.</summary>
    public static WebhookVerdict.Refused? Refuse(WebhookRequest request, IReadOnlyList<byte[]> keys, DateTimeOffset now)
    {
        if (request.Header(SignatureHeader) is not { Length: > 0 } authorization)
            return Refused($"{SignatureHeader} is missing");
        if (Parse(authorization) is not var (headers, signature))
            return Refused($"{SignatureHeader} cannot be read");
        if (!headers.Contains(TimeHeader.ToLowerInvariant()))
            return Refused($"{TimeHeader} is not signed");
        if (!headers.TrueForAll(name => request.Header(name) is not null))
            return Refused("a signed header is missing");
        if (!DateTimeOffset.TryParseExact(request.Header(TimeHeader)!.Trim(), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return Refused($"{TimeHeader} cannot be read");
        var isGenuine = false;
        foreach (var key in keys)
            isGenuine |= new SharedSecret(Sign(request, headers, key)).Is(signature);
        if (!isGenuine)
            return Refused($"{SignatureHeader} does not match the request");
        return (now - time).Duration() <= Window ? null : new(RejectionReason.Window, $"{TimeHeader} is more than five minutes from the hub's clock");
    }

    /// <summary>The signature of a request over these headers, which are lower case and in order.</summary>
    public static string Sign(WebhookRequest request, IReadOnlyList<string> headers, byte[] key)
    {
        var time = request.Header(TimeHeader)!.Trim();
        var signed = $"{Algorithm}\n{time}\n{HexOfHash(Normalize(request, headers))}";
        var keyOfTheDay = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(time[..LengthOfDay]));
        return Convert.ToHexStringLower(HMACSHA256.HashData(keyOfTheDay, Encoding.UTF8.GetBytes(signed)));
    }

    private static byte[] Normalize(WebhookRequest request, IReadOnlyList<string> headers)
    {
        var lines = new List<string> { request.Method, Uri.UnescapeDataString(request.Url.AbsolutePath), SortedQuery(request.Url.Query) };
        lines.AddRange(headers.Select(name => $"{name}:{request.Header(name)!.Trim()}"));
        lines.AddRange(["", string.Join(';', headers), HexOfHash(request.Body.Span)]);
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    /// <summary>By name, values of one name in their order, escaped as forms are.</summary>
    private static string SortedQuery(string query) =>
        string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Unescape(pair[0]), Value: pair.Length > 1 ? Unescape(pair[1]) : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => $"{Escape(pair.Name)}={Escape(pair.Value)}"));

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static (List<string> Headers, string Signature)? Parse(string authorization)
    {
        var (algorithm, headers, signature) = ((string?)null, (string?)null, (string?)null);
        foreach (var part in authorization.Split(','))
        {
            switch (part.Trim().Split('=', 2))
            {
                case ["SigningAlgorithm", var value]:
                    algorithm = value;
                    break;
                case ["SignedHeaders", var value]:
                    headers = value;
                    break;
                case ["Signature", var value]:
                    signature = value;
                    break;
            }
        }
        if (algorithm != Algorithm || headers is null || signature is null)
            return null;
        var names = headers.Split(';').Select(name => name.Trim().ToLowerInvariant()).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Count <= MostHeaders ? (names, signature) : null;
    }

    private static string HexOfHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static WebhookVerdict.Refused Refused(string detail) => new(RejectionReason.Signature, detail);
}
