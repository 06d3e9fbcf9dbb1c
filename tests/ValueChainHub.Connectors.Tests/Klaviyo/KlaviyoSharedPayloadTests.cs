using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Klaviyo;

/// <summary>Bodies that were captured elsewhere. They lie beside the checkout, where they are at all.</summary>
public sealed class KlaviyoSharedPayloadTests
{
    [Fact]
    public void Every_webhook_body_is_taken()
    {
        var recordings = Recording.All(SharedFiles.OrSkip("vendors", "payloads", "klaviyo"));

        recordings.Count.ShouldBeGreaterThan(5);
        foreach (var recording in recordings)
            KlaviyoTests.Raw("events", recording.Body).ShouldBeOfType<Translation.Translated>(recording.Name);
    }

    [Fact]
    public void The_answer_of_Get_Event_is_read() =>
        KlaviyoTests.Raw("event:klaviyo.opened_email", File.ReadAllBytes(SharedFiles.OrSkip("vendors", "payloads", "klaviyo", "rest", "event-get.json")), DeliveryKind.Reconciled)
            .ShouldBeOfType<Translation.Translated>();

    [Fact]
    public void Every_signing_vector_verifies()
    {
        var folder = SharedFiles.OrSkip("vendors", "payloads");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "signing-vectors.json")));
        var vectors = document.RootElement.GetProperty("vectors").EnumerateArray().Where(vector => vector.GetProperty("vendor").GetString() == "klaviyo").ToList();

        vectors.ShouldNotBeEmpty();
        foreach (var vector in vectors)
        {
            var connector = KlaviyoTests.Make(new() { ["WebhookSecret"] = vector.GetProperty("secret").GetString()! });
            var headers = vector.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
            var body = File.ReadAllBytes(Path.Combine(folder, vector.GetProperty("bodyFile").GetString()!));
            var signedAt = DateTimeOffset.Parse(headers["Klaviyo-Timestamp"], System.Globalization.CultureInfo.InvariantCulture);
            var request = new WebhookRequest("POST", new("https://hub.example/"), headers, body);

            connector.Verify(request, signedAt).ShouldBeOfType<WebhookVerdict.Genuine>();
            body[0] ^= 1;
            connector.Verify(request, signedAt).ShouldBeOfType<WebhookVerdict.Refused>();
        }
    }
}
