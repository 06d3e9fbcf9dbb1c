using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Kit;

/// <summary>The ways in which vendors prove who they are: the right text passes and nothing else does.</summary>
public sealed class VerificationTests
{
    private static readonly byte[] Key = "a-key-of-the-vendor"u8.ToArray();
    private static readonly byte[] Body = """{"id":"evt_1","note":"hello"}"""u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Strategies => [.. All.Keys];

    /// <summary>Each strategy as: the right header for a key and a body, and whether a header is right for them.</summary>
    private static Dictionary<string, (Func<byte[], byte[], string> Sign, Func<string, byte[], byte[], bool> Verify)> All { get; } = new(StringComparer.Ordinal)
    {
        ["base64"] = (
            (key, body) => Convert.ToBase64String(HMACSHA256.HashData(key, body)),
            (header, key, body) => HmacSignature.IsBase64Of(header, key, body)),
        ["hex"] = (
            (key, body) => Convert.ToHexStringLower(HMACSHA256.HashData(key, body)),
            (header, key, body) => HexSignature.IsOf(header, "", HashAlgorithmName.SHA256, key, body)),
        ["hex with prefix"] = (
            (key, body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, body)),
            (header, key, body) => HexSignature.IsOf(header, "sha256=", HashAlgorithmName.SHA256, key, body)),
        ["hex with another hash"] = (
            (key, body) => "sha512=" + Convert.ToHexStringLower(HMACSHA512.HashData(key, body)),
            (header, key, body) => HexSignature.IsOf(header, "sha512=", HashAlgorithmName.SHA512, key, body)),
        ["body and timestamp"] = (
            (key, body) => Convert.ToHexStringLower(HMACSHA256.HashData(key, (byte[])[.. body, .. "Thu"u8])),
            (header, key, body) => HexSignature.IsOf(header, "", HashAlgorithmName.SHA256, key, body, "Thu"u8)),
        ["timestamp and body"] = (
            (key, body) => Convert.ToHexStringLower(HMACSHA256.HashData(key, (byte[])[.. "Thu"u8, .. body])),
            (header, key, body) => HexSignature.IsOf(header, "", HashAlgorithmName.SHA256, key, "Thu"u8, body)),
        ["standard webhooks"] = (
            (key, body) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. "msg_1.1771588800."u8, .. body])),
            (header, key, body) => StandardWebhooks.IsSigned(header, key, "msg_1", "1771588800", body)),
    };

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Accepts_the_right_text(string strategy) => All[strategy].Verify(All[strategy].Sign(Key, Body), Key, Body).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Refuses_a_body_with_any_bit_changed(string strategy)
    {
        var header = All[strategy].Sign(Key, Body);

        foreach (var changed in BitsOf(Body))
            All[strategy].Verify(header, Key, changed).ShouldBeFalse();
        All[strategy].Verify(header, Key, Body[..^1]).ShouldBeFalse();
        All[strategy].Verify(header, Key, [.. Body, 0]).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Refuses_a_key_with_any_bit_changed(string strategy)
    {
        var header = All[strategy].Sign(Key, Body);

        foreach (var changed in BitsOf(Key))
            All[strategy].Verify(header, changed, Body).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Refuses_every_other_text(string strategy)
    {
        var header = All[strategy].Sign(Key, Body);

        foreach (var other in OtherTexts(header).Where(other => other != header))
            All[strategy].Verify(other, Key, Body).ShouldBeFalse(other);
    }

    [Fact]
    public void The_parts_of_a_signed_text_are_in_their_order_and_nothing_moves_between_them()
    {
        var header = Convert.ToHexStringLower(HMACSHA256.HashData(Key, "bodytime"u8));

        HexSignature.IsOf(header, "", HashAlgorithmName.SHA256, Key, "body"u8, "time"u8).ShouldBeTrue();
        HexSignature.IsOf(header, "", HashAlgorithmName.SHA256, Key, "time"u8, "body"u8).ShouldBeFalse();
    }

    [Fact]
    public void Standard_Webhooks_signs_id_and_time_too_and_may_hold_several_signatures()
    {
        var header = All["standard webhooks"].Sign(Key, Body);

        StandardWebhooks.IsSigned(header, Key, "msg_2", "1771588800", Body).ShouldBeFalse();
        StandardWebhooks.IsSigned(header, Key, "msg_1", "1771588801", Body).ShouldBeFalse();
        StandardWebhooks.IsSigned("v1a,bm90IG91cnM= v1,AAAA " + header, Key, "msg_1", "1771588800", Body).ShouldBeTrue();
        StandardWebhooks.IsSigned(header.Replace("v1,", "v2,", StringComparison.Ordinal), Key, "msg_1", "1771588800", Body).ShouldBeFalse();
    }

    [Fact]
    public void Standard_Webhooks_verifies_the_example_of_its_specification()
    {
        var key = StandardWebhooks.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").ShouldNotBeNull();

        StandardWebhooks.IsSigned("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    [InlineData("")]
    public void A_secret_without_a_key_is_none(string secret) => StandardWebhooks.KeyOf(secret).ShouldBeNull();

    [Theory]
    [InlineData("standard-webhooks", true)]
    [InlineData("shipbob", true)]
    [InlineData("bigcommerce", false)]
    public void Vectors_of_Standard_Webhooks_verify_and_fail_by_a_bit(string vendor, bool isEncoded)
    {
        foreach (var vector in Vectors(vendor))
        {
            var secret = vector.GetProperty("secret").GetString()!;
            var (key, body) = (isEncoded ? StandardWebhooks.KeyOf(secret)! : Encoding.UTF8.GetBytes(secret), BodyOf(vector));
            string Header(string name) => vector.GetProperty("headers").GetProperty(name).GetString()!;
            bool IsSigned() => StandardWebhooks.IsSigned(Header(StandardWebhooks.SignatureHeader), key, Header(StandardWebhooks.IdHeader), Header(StandardWebhooks.TimestampHeader), body);

            IsSigned().ShouldBeTrue();
            body[^1] ^= 1;
            IsSigned().ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("intercom", "X-Hub-Signature", "sha1=")]
    [InlineData("meta", "X-Hub-Signature-256", "sha256=")]
    public void Vectors_of_hex_signatures_verify_and_fail_by_a_bit(string vendor, string headerName, string prefix)
    {
        foreach (var vector in Vectors(vendor))
        {
            var header = vector.GetProperty("headers").GetProperty(headerName).GetString()!;
            var (key, body) = (Encoding.UTF8.GetBytes(vector.GetProperty("secret").GetString()!), BodyOf(vector));
            var hash = prefix == "sha1=" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;

            HexSignature.IsOf(header, prefix, hash, key, body).ShouldBeTrue();
            body[0] ^= 1;
            HexSignature.IsOf(header, prefix, hash, key, body).ShouldBeFalse();
        }
    }

    [Fact]
    public void Shared_secrets_are_that_text_and_no_other()
    {
        var secret = new SharedSecret("s3cret");

        secret.Is("s3cret").ShouldBeTrue();
        foreach (var other in OtherTexts("s3cret").Where(other => other != "s3cret"))
            secret.Is(other).ShouldBeFalse(other);
    }

    [Fact]
    public void Basic_credentials_are_that_user_and_password_and_no_others()
    {
        var header = "Basic " + Convert.ToBase64String("hub:pass:word"u8);

        SharedSecret.Basic("hub", "pass:word").Is(header).ShouldBeTrue();
        foreach (var other in OtherTexts(header).Where(other => other != header))
            SharedSecret.Basic("hub", "pass:word").Is(other).ShouldBeFalse(other);
        SharedSecret.Basic("hub", "pass").Is(header).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-300.001, false)]
    [InlineData(300.001, false)]
    public void A_window_ends_at_its_edges(double seconds, bool isInside) => SignedTime.IsWithin(Now.AddSeconds(seconds), Now, SignedTime.Window).ShouldBe(isInside);

    [Theory]
    [InlineData("1771588800", true)]
    [InlineData("-1", false)]
    [InlineData("1771588800.0", false)]
    [InlineData(" 1771588800", false)]
    [InlineData("9223372036854775807", false)]
    [InlineData("", false)]
    public void Seconds_are_digits(string text, bool isTime) => (SignedTime.UnixSeconds(text) == Now).ShouldBe(isTime);

    private static IEnumerable<byte[]> BitsOf(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return changed;
        }
    }

    private static IEnumerable<string> OtherTexts(string text)
    {
        string[] whole = ["", " " + text, text + " ", text + "\n", text + "=", text.TrimEnd('='), text.ToUpperInvariant(), text.ToLowerInvariant(), text + "," + text, "\"" + text + "\"", text.Insert(3, "\r\n")];
        foreach (var other in whole)
            yield return other;
        for (var at = 0; at < text.Length; at++)
        {
            yield return text.Remove(at, 1);
            foreach (var other in "AB01+/=-_ \u0100\u00e9\ud800")
                yield return text[..at] + other + text[(at + 1)..];
        }
    }

    private static List<JsonElement> Vectors(string vendor)
    {
        var file = SharedFiles.OrSkip("vendors", "payloads", "signing-vectors.json");
        var vectors = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("vectors").EnumerateArray().Where(vector => vector.GetProperty("vendor").GetString() == vendor).ToList();
        vectors.ShouldNotBeEmpty();
        return vectors;
    }

    private static byte[] BodyOf(JsonElement vector) => vector.TryGetProperty("body", out var body)
        ? Encoding.UTF8.GetBytes(body.GetString()!)
        : File.ReadAllBytes(SharedFiles.OrSkip(["vendors", "payloads", .. vector.GetProperty("bodyFile").GetString()!.Split('/')]));
}
