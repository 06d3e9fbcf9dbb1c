using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.ShipStation;

/// <summary>The vendor's key pairs; their public halves are published, the same for all its accounts.</summary>
/// <param name="announces">A key is published before it signs, as careful vendors do. False: with its first signature, so that it turns up unknown.</param>
internal sealed class ShipStationKeys(bool announces)
{
    private readonly RSA _present = Make(), _previous = Make(), _wrong = Make();
    private volatile bool _isPresentPublished = announces;

    /// <summary>Adds key id, time and signature: RSA-SHA256 (PKCS#1 v1.5) over <c>{timestamp}.{raw body}</c>. The wrong key pretends to be the present one.</summary>
    public void Sign(HttpRequestMessage request, byte[] body, SigningSecret secret, DateTimeOffset now)
    {
        _isPresentPublished |= secret == SigningSecret.Present;
        var timestamp = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        var key = secret switch { SigningSecret.Present => _present, SigningSecret.Previous => _previous, _ => _wrong };
        request.Headers.Add("x-shipengine-rsa-sha256-key-id", IdOf(secret == SigningSecret.Previous ? SigningSecret.Previous : SigningSecret.Present));
        request.Headers.Add("x-shipengine-timestamp", timestamp);
        request.Headers.Add("x-shipengine-rsa-sha256-signature", Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    /// <summary>The key set (RFC 7517).</summary>
    public JsonObject Published()
    {
        var keys = new JsonArray(Publish(_previous, SigningSecret.Previous));
        if (_isPresentPublished)
            keys.Add(Publish(_present, SigningSecret.Present));
        return new() { ["keys"] = keys };
    }

    /// <summary>At once, for the framework would wait for the first use: whoever asks for the published keys has little time.</summary>
    private static RSA Make()
    {
        var key = RSA.Create(2048);
        key.ExportParameters(includePrivateParameters: false);
        return key;
    }

    private static JsonObject Publish(RSA key, SigningSecret which)
    {
        var halves = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = IdOf(which),
            ["n"] = Base64Url.EncodeToString(halves.Modulus),
            ["e"] = Base64Url.EncodeToString(halves.Exponent),
        };
    }

    private static string IdOf(SigningSecret which) => Bodies.Guid("shipstation", "key", which.ToString());
}
