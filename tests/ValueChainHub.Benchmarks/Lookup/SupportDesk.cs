using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.Benchmarks.Lookup;

/// <summary>Gladly asking its lookup adapter over HTTP, each request signed.</summary>
internal sealed class SupportDesk(Uri hub) : IDisposable
{
    public const string SigningKey = "load-test-signing-key-not-for-use-05";
    private const string Path = "/api/lookup/gladly";
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(SigningKey);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = hub };

    /// <summary>Who has this address: the id that is handed out.</summary>
    public async Task<string> BasicAsync(int shopper, Latencies latencies, CancellationToken cancellationToken)
    {
        var body = $$"""{"lookupLevel":"BASIC","query":{"id":"g-1","emails":["{{Shoppers.Email(shopper)}}"]},"uniqueMatchRequired":false}""";
        var results = await AskAsync(body, latencies, cancellationToken);
        return results.GetArrayLength() == 1 && results[0].GetProperty("emails")[0].GetProperty("original").GetString() == Shoppers.Email(shopper)
            ? results[0].GetProperty("externalCustomerId").GetString()!
            : throw new InvalidOperationException($"BASIC did not answer the one shopper {shopper}.");
    }

    /// <summary>The linked shopper with orders and parcels, all of them demanded.</summary>
    public async Task DetailedAsync(int shopper, string id, Latencies latencies, CancellationToken cancellationToken)
    {
        var body = $$"""{"lookupLevel":"DETAILED","query":{"id":"g-1","externalCustomerId":"{{id}}","emails":[]},"uniqueMatchRequired":true}""";
        var results = await AskAsync(body, latencies, cancellationToken);
        var orders = results.GetArrayLength() == 1 ? results[0].GetProperty("transactions").EnumerateArray().ToList() : [];
        var numbers = orders.ConvertAll(order => order.GetProperty("orderNumber").GetString());
        var wanted = Shoppers.IsTracked(shopper) ? "delivered" : "in_transit";
        if (numbers.Count != Shoppers.OrdersOf(shopper) || !numbers.Contains(Shoppers.OrderNumber(shopper, 0)) || !orders.TrueForAll(order => order.GetProperty("fulfillments")[0].GetProperty("status").GetString() == wanted))
            throw new InvalidOperationException($"DETAILED did not answer the {Shoppers.OrdersOf(shopper)} orders of shopper {shopper} with their parcels {wanted}.");
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> AskAsync(string body, Latencies latencies, CancellationToken cancellationToken)
    {
        using var request = Signed(body);
        var began = Stopwatch.GetTimestamp();
        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        latencies.Add(Stopwatch.GetTimestamp() - began);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("results").Clone();
    }

    private static HttpRequestMessage Signed(string body)
    {
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var normalized = $"POST\n{Path}\n\ngladly-time:{stamp}\n\ngladly-time\n{Hash(body)}";
        var day = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(stamp[..8]));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(day, Encoding.UTF8.GetBytes($"hmac-sha256\n{stamp}\n{Hash(normalized)}")));
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Gladly-Time", stamp);
        request.Headers.TryAddWithoutValidation("Gladly-Authorization", $"SigningAlgorithm=hmac-sha256, SignedHeaders=gladly-time, Signature={signature}");
        return request;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
