using System.Text.Json;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>An answer of the hub, read to its end.</summary>
internal sealed record HubAnswer(int Status, string ContentType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The webhook's <c>status</c>, the problem's own one word, whichever it is.</summary>
    public string Word => Json.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? status.GetString()! : Json.GetProperty("type").GetString()!.Split(':')[^1];

    public string DeliveryId => Json.GetProperty("deliveryId").GetString()!;

    public T As<T>(int status = 200)
    {
        Status.ShouldBe(status, Text);
        return JsonSerializer.Deserialize<T>(Text, HubText.Options)!;
    }

    /// <summary>A problem of this status, in the shape that all problems have; its detail.</summary>
    public string ShouldBeProblem(int status)
    {
        Status.ShouldBe(status, Text);
        ContentType.ShouldBe("application/problem+json");
        Json.GetProperty("type").GetString()!.ShouldStartWith("urn:valuechainhub:problem:");
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        var detail = Json.GetProperty("detail").GetString();
        detail.ShouldNotBeNullOrWhiteSpace();
        return detail;
    }
}
