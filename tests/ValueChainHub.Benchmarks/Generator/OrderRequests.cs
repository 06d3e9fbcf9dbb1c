using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Benchmarks.Generator;

/// <summary>Writes whole signed HTTP requests: a template's bytes, the order's values patched in, the signature computed over the body.</summary>
/// <remarks>Not safe for several threads: each generator has its own.</remarks>
public sealed class OrderRequests : IDisposable
{
    public const string ShopDomain = "load-test.myshopify.com";

    private const string WebhookDigits = "fedcbafedcba";
    private const string WebhookIdStart = "3c6d2f10-7a55-4e0b-9d3e-";
    private const string Triggered = "2000-01-01T00:00:00.000000000Z";
    private static readonly string SignatureSentinel = new('S', 44);

    private static readonly string[] FirstNames = ["Alina", "Bruno", "Clara", "David", "Emily", "Felix", "Grace", "Helen", "Isaac", "Julia", "Karen", "Lucas", "Maria", "Nadia", "Oscar", "Paula"];
    private static readonly string[] LastNames = ["Archer", "Becker", "Carter", "Dalton", "Elliot", "Fisher", "Garcia", "Hughes", "Ingram", "Jensen", "Keller", "Larsen", "Miller", "Norris", "Osborn", "Porter"];

    private readonly Template[] templates;
    private readonly OrderPlan plan;
    private readonly IncrementalHash hmac;

    public OrderRequests(OrderPlan plan, string secret, string path = "/api/webhooks/shopify")
    {
        this.plan = plan;
        hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        templates = [.. Enumerable.Range(0, OrderPlan.Shapes).Select(shape => Template.Create(Head, OrderBodies.Write(plan.Size, shape)))];

        string Head(int length) =>
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Shopify-Captain-Hook\r\nContent-Type: application/json\r\nContent-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n"
            + $"X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: {ShopDomain}\r\nX-Shopify-API-Version: 2026-07\r\nX-Shopify-Webhook-Id: {WebhookIdStart}{WebhookDigits}\r\n"
            + $"X-Shopify-Triggered-At: {Triggered}\r\nX-Shopify-Hmac-Sha256: {SignatureSentinel}\r\n\r\n";
    }

    public int LongestRequest => templates.Max(template => template.Bytes.Length);

    public int LongestBody => templates.Max(template => template.Bytes.Length - template.BodyStart);

    public static string WebhookIdOf(long index) => WebhookIdStart + index.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>Writes the request of this order; twice the same order gives twice the same bytes.</summary>
    public int Write(in PlannedOrder order, Span<byte> target)
    {
        var template = templates[order.Shape];
        template.Bytes.CopyTo(target);
        Span<byte> value = stackalloc byte[32];
        var (formatted, width) = ((Field)(-1), 0);
        foreach (var patch in template.Patches)
        {
            // Patches are grouped by field: each value is formatted once.
            if (patch.Field != formatted)
                (formatted, width) = (patch.Field, Format(patch.Field, order, value));
            value[..width].CopyTo(target[patch.Offset..]);
        }
        hmac.AppendData(target[template.BodyStart..template.Bytes.Length]);
        hmac.GetHashAndReset(value);
        Base64.EncodeToUtf8(value, target[template.SignatureStart..], out _, out _);
        return template.Bytes.Length;
    }

    public void Dispose() => hmac.Dispose();

    private int Format(Field field, in PlannedOrder order, Span<byte> value)
    {
        var written = 0;
        _ = field switch
        {
            Field.OrderId => order.OrderId.TryFormat(value, out written, "D18", CultureInfo.InvariantCulture),
            Field.OrderNumber => (10_000_000 + order.Index).TryFormat(value, out written, "D8", CultureInfo.InvariantCulture),
            Field.CustomerId => (OrderPlan.FirstCustomerId + order.Customer).TryFormat(value, out written, "D18", CultureInfo.InvariantCulture),
            Field.CustomerDigits => order.Customer.TryFormat(value, out written, "D5", CultureInfo.InvariantCulture),
            Field.LinePrice => Cents(order.LineCents, value, out written),
            Field.Subtotal => Cents(order.TotalCents - OrderPlan.ShippingCents, value, out written),
            Field.Total => Cents(order.TotalCents, value, out written),
            Field.Time => Zoned(order.PlacedAt, value, out written),
            Field.FirstName => Encoding.ASCII.TryGetBytes(FirstNames[order.Customer % FirstNames.Length], value, out written),
            Field.LastName => Encoding.ASCII.TryGetBytes(LastNames[order.Customer / FirstNames.Length % LastNames.Length], value, out written),
            Field.Triggered => DateTimeOffset.FromUnixTimeSeconds(order.PlacedAt + 1).TryFormat(value, out written, "yyyy-MM-dd'T'HH:mm:ss'.000000000Z'", CultureInfo.InvariantCulture),
            _ => order.Index.TryFormat(value, out written, "x12", CultureInfo.InvariantCulture),
        };
        return written;
    }

    private static bool Cents(long cents, Span<byte> value, out int written)
    {
        var (whole, rest) = Math.DivRem(cents, 100);
        whole.TryFormat(value, out written, "D3", CultureInfo.InvariantCulture);
        value[written++] = (byte)'.';
        value[written++] = (byte)('0' + rest / 10);
        value[written++] = (byte)('0' + rest % 10);
        return true;
    }

    // Date formatting is the costliest patch; the shop's zone is a constant five hours behind.
    private static bool Zoned(long unixSeconds, Span<byte> value, out int written) =>
        DateTimeOffset.FromUnixTimeSeconds(unixSeconds - 5 * 3600).TryFormat(value, out written, "yyyy-MM-dd'T'HH:mm:ss'-05:00'", CultureInfo.InvariantCulture);

    private enum Field
    {
        OrderId,
        OrderNumber,
        CustomerId,
        CustomerDigits,
        LinePrice,
        Subtotal,
        Total,
        Time,
        FirstName,
        LastName,
        WebhookDigits,
        Triggered,
    }

    private readonly record struct Patch(Field Field, int Offset);

    private sealed record Template(byte[] Bytes, int BodyStart, int SignatureStart, Patch[] Patches)
    {
        private static readonly (Field Field, string Sentinel)[] Sentinels =
        [
            (Field.OrderId, OrderBodies.OrderId), (Field.OrderNumber, OrderBodies.OrderNumber), (Field.CustomerId, OrderBodies.CustomerId),
            (Field.CustomerDigits, OrderBodies.CustomerDigits), (Field.LinePrice, OrderBodies.LinePrice), (Field.Subtotal, OrderBodies.Subtotal),
            (Field.Total, OrderBodies.Total), (Field.Time, OrderBodies.Time), (Field.FirstName, OrderBodies.FirstName), (Field.LastName, OrderBodies.LastName),
            (Field.WebhookDigits, OrderRequests.WebhookDigits), (Field.Triggered, OrderRequests.Triggered),
        ];

        public static Template Create(Func<int, string> head, string body)
        {
            var start = head(Encoding.UTF8.GetByteCount(body));
            var text = start + body;
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length != text.Length)
                throw new InvalidOperationException("The templates are ASCII, so that a place in the text is a place in the bytes.");
            var patches = Sentinels.SelectMany(sentinel => Places(text, sentinel.Sentinel).Select(offset => new Patch(sentinel.Field, offset)));
            return new Template(bytes, start.Length, start.IndexOf(SignatureSentinel, StringComparison.Ordinal), [.. patches]);
        }

        private static IEnumerable<int> Places(string text, string sentinel)
        {
            for (var at = text.IndexOf(sentinel, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sentinel, at + sentinel.Length, StringComparison.Ordinal))
                yield return at;
        }
    }
}
