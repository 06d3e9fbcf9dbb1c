using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>Who may ask: the holder of the master key, or of a token that has the form of Microsoft Entra's.</summary>
/// <remarks>
/// A token's signature is not checked, only that it is a JWT that has not expired. With a token only data may be touched: containers and databases
/// are the control plane's, so what would create, change or delete them is 403 with sub-status 5300.
/// </remarks>
internal sealed class WireAuthorization(string key, TimeProvider time)
{
    private const string MasterKey = "master";
    private const string Token = "aad";

    /// <exception cref="WireRefusal">401 or 403.</exception>
    public void Check(WireRequest request)
    {
        var parts = QueryHelpers.ParseQuery(Uri.UnescapeDataString(request.Header("Authorization") ?? "").Replace("+", "%2B", StringComparison.Ordinal));
        var (type, signature) = (parts.GetValueOrDefault("type").ToString(), parts.GetValueOrDefault("sig").ToString());
        if (type == MasterKey)
            CheckSignature(request, signature);
        else if (type == Token)
            CheckToken(request, signature);
        else
            throw Unauthorized("Required Header authorization is missing or of an unknown type.");
    }

    /// <summary>A token that this server takes, as a managed identity would hold it.</summary>
    public static string NewToken(DateTimeOffset expires) =>
        string.Join('.', Part(new { alg = "none", typ = "JWT" }), Part(new { exp = expires.ToUnixTimeSeconds(), oid = "00000000-0000-0000-0000-000000000001" }), "c2lnbmF0dXJl");

    /// <summary>Links by name are signed as they are, links by <c>_rid</c> as the last one alone, in lower case.</summary>
    private void CheckSignature(WireRequest request, string signature)
    {
        var segments = request.Segments;
        var isFeed = segments.Count % 2 == 1;
        var type = segments.Count == 0 ? "" : isFeed ? segments[^1] : segments[^2];
        var link = string.Join('/', isFeed ? segments.SkipLast(1) : segments);
        var rid = segments.Count < 2 ? "" : (isFeed ? segments[^2] : segments[^1]).ToLowerInvariant();
        if (signature != Sign(request, type, link) && signature != Sign(request, type, rid))
            throw Unauthorized("The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.");
    }

    private string Sign(WireRequest request, string type, string link)
    {
        var payload = $"{request.Method.ToLowerInvariant()}\n{type.ToLowerInvariant()}\n{link}\n{request.Header("x-ms-date")?.ToLowerInvariant()}\n\n";
        return Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(payload)));
    }

    private void CheckToken(WireRequest request, string token)
    {
        if (ExpiryOf(token) is not { } expires || expires <= time.GetUtcNow().ToUnixTimeSeconds())
            throw Unauthorized("The token is not a JWT, or it has expired.");
        if (request.Operation is WireOperation.CreateDatabase or WireOperation.CreateContainer or WireOperation.ReplaceContainer or WireOperation.DeleteContainer)
            throw new WireRefusal(403, "Forbidden", "Request blocked by Auth: the operation cannot be authorized by an AAD token in the data plane.", 5300);
    }

    private static long? ExpiryOf(string token)
    {
        try
        {
            return token.Split('.') is [_, var claims, _]
                && JsonDocument.Parse(WebEncoders.Base64UrlDecode(claims)).RootElement.TryGetProperty("exp", out var exp)
                ? exp.GetInt64()
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Part(object claims) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(claims));

    private static WireRefusal Unauthorized(string message) => new(401, "Unauthorized", message);
}
