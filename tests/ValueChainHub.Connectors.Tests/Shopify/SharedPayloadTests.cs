using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

/// <summary>Bodies that were captured elsewhere. They lie beside the checkout, where they are at all.</summary>
public sealed class SharedPayloadTests
{
    [Fact]
    public void Every_webhook_body_is_readable()
    {
        var recordings = Recording.All(SharedFiles.OrSkip("vendors", "payloads", "shopify"));

        recordings.Count.ShouldBeGreaterThan(30);
        foreach (var recording in recordings)
            ShopifyTests.Connector.Translate(new("shopify", DeliveryKind.Webhook, recording.Topic, new Dictionary<string, string>(), recording.Body, null)).ShouldNotBeOfType<Translation.Unreadable>(recording.Name);
    }

    [Theory]
    [InlineData("order.json", "orders/create")]
    [InlineData("order_with_transaction.json", "orders/create")]
    [InlineData("customer.json", "customers/create")]
    [InlineData("fulfillment.json", "fulfillments/create")]
    public void Resources_of_the_REST_API_are_readable(string file, string topic)
    {
        var body = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.OrSkip("vendors", "payloads", "shopify", "rest", file))).RootElement.EnumerateObject().First().Value;

        ShopifyTests.Raw(topic, body.GetRawText()).ShouldBeOfType<Translation.Translated>();
    }

    [Fact]
    public void Every_signing_vector_verifies()
    {
        var folder = SharedFiles.OrSkip("vendors", "payloads");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "signing-vectors.json")));
        var vectors = document.RootElement.GetProperty("vectors").EnumerateArray().Where(vector => vector.GetProperty("vendor").GetString() == "shopify").ToList();

        vectors.ShouldNotBeEmpty();
        foreach (var vector in vectors)
        {
            var connector = ShopifyTests.Make(new() { ["WebhookSecret"] = vector.GetProperty("secret").GetString()! });
            var headers = vector.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
            var body = File.ReadAllBytes(Path.Combine(folder, vector.GetProperty("bodyFile").GetString()!));
            var request = new WebhookRequest("POST", new("https://hub.example/"), headers, body);

            connector.Verify(request, DateTimeOffset.UnixEpoch).ShouldBeOfType<WebhookVerdict.Genuine>();
            body[0] ^= 1;
            connector.Verify(request, DateTimeOffset.UnixEpoch).ShouldBeOfType<WebhookVerdict.Refused>();
        }
    }
}
