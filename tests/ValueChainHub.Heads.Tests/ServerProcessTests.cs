using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests;

/// <summary>The server as people start it: its own process, its own folder, real store and vendors.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private const string Order = """
        {"id":1001,"name":"#1001","created_at":"2026-01-05T10:00:00Z","updated_at":"2026-01-05T10:00:00Z","currency":"USD","total_price":"25.00","financial_status":"paid",
         "email":"ada.shopper@example.com","customer":{"id":7,"email":"ada.shopper@example.com","first_name":"Ada","updated_at":"2026-01-05T10:00:00Z"}}
        """;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_any_setting_a_first_signed_order_goes_in_and_its_customer_comes_out()
    {
        using var server = ServerProcess.Start(_folder.Path);
        using var client = new HttpClient { BaseAddress = await server.ListensAsync() };
        var (secret, key) = (Stored("shopify-webhook-secret"), Stored("admin-key"));

        using var answer = await PostAsync(client, secret, "first-1");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        var record = await FindAsync(client, key);
        record.GetProperty("name").GetString().ShouldBe("Ada");
        record.GetProperty("storefront").GetProperty("orders").GetInt32().ShouldBe(1);
        server.Output.ShouldContain(key, customMessage: "the new admin key is shown");
        server.Output.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_second_start_finds_everything_and_shows_no_key()
    {
        using (var first = ServerProcess.Start(_folder.Path))
        {
            using var client = new HttpClient { BaseAddress = await first.ListensAsync() };
            (await PostAsync(client, Stored("shopify-webhook-secret"), "first-1")).Dispose();
            first.Terminate();
            (await first.EndAsync()).Code.ShouldBe(0);
        }

        using var second = ServerProcess.Start(_folder.Path);
        using var again = new HttpClient { BaseAddress = await second.ListensAsync() };

        (await FindAsync(again, Stored("admin-key"))).GetProperty("email").GetString().ShouldBe("ada.shopper@example.com");
        second.Output.ShouldNotContain(Stored("admin-key"));
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_event_it_broke_off_at_and_ends_when_the_server_stops()
    {
        using var server = ServerProcess.Start(_folder.Path);
        using var client = new HttpClient { BaseAddress = await server.ListensAsync() };
        client.DefaultRequestHeaders.Add("x-functions-key", Stored("admin-key"));
        await PostAsync(client, Stored("shopify-webhook-secret"), "first-1");
        using var stream = new StreamReader(await client.GetStreamAsync("/api/events/stream", Cancellation));
        var (id, first) = await NextAsync(stream);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events/stream") { Headers = { { "Last-Event-ID", id } } };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var resumed = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        await PostAsync(client, Stored("shopify-webhook-secret"), "second-1", Order.Replace("1001", "1002", StringComparison.Ordinal));
        var (_, next) = await NextAsync(resumed);
        server.Terminate();

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        first.GetProperty("subject").GetString().ShouldBe("shopify/order/1001");
        next.GetProperty("subject").GetString().ShouldBe("shopify/order/1002");
        (await server.EndAsync()).Code.ShouldBe(0);
        (await resumed.ReadToEndAsync(Cancellation)).ShouldNotContain("1001");
    }

    [Theory]
    [InlineData("Hub__AdminKey", "too-short", "Hub__AdminKey is shorter")]
    [InlineData("Connectors__shopify__ApiKey", "some-api-key-of-nobody", "Connectors__shopify__WebhookSecret is missing")]
    [InlineData("Connectors__nowhere__WebhookSecret", "some-secret-of-nobody", "Connectors__nowhere__Vendor names no vendor")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0", "ASPNETCORE_URLS takes http URLs")]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it(string name, string value, string expected)
    {
        using var server = ServerProcess.Start(_folder.Path, (name, value));

        var (code, errors) = await server.EndAsync();

        code.ShouldBe(1);
        errors.TrimEnd().ShouldStartWith("The hub does not start. ");
        errors.ShouldContain(expected);
        errors.TrimEnd().ShouldNotContain("\n");
        errors.ShouldNotContain(value);
    }

    [Fact]
    public async Task A_folder_in_use_and_a_port_in_use_are_said_in_one_line()
    {
        using var server = ServerProcess.Start(_folder.Path);
        var address = await server.ListensAsync();
        using var sameFolder = ServerProcess.Start(_folder.Path);
        using var other = new TestFolder();
        using var samePort = ServerProcess.Start(other.Path, ("ASPNETCORE_URLS", address.GetLeftPart(UriPartial.Authority)));

        var (folderCode, folderErrors) = await sameFolder.EndAsync();
        var (portCode, portErrors) = await samePort.EndAsync();

        folderCode.ShouldBe(1);
        folderErrors.Trim().ShouldStartWith("The hub does not start. Hub__DataDirectory");
        folderErrors.Trim().ShouldNotContain("\n");
        portCode.ShouldBe(1);
        portErrors.Trim().ShouldBe("The hub does not start. ASPNETCORE_URLS: the address is in use. Stop the other program, or choose another port.");
    }

    [Fact]
    public async Task Beyond_loopback_no_connector_is_made()
    {
        using var server = ServerProcess.Start(_folder.Path, ("ASPNETCORE_URLS", "http://0.0.0.0:0"));

        var address = await server.ListensAsync();

        File.Exists(Path.Combine(_folder.Path, ".hub", "shopify-webhook-secret")).ShouldBeFalse();
        server.Output.ShouldContain("none yet");
        address.AbsolutePath.ShouldBe("/api/openapi.json");
    }

    private string Stored(string name) => File.ReadAllText(Path.Combine(_folder.Path, ".hub", name)).Trim();

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string secret, string id, string body = Order)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/shopify") { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes)));
        request.Headers.Add("X-Shopify-Topic", "orders/create");
        request.Headers.Add("X-Shopify-Webhook-Id", id);
        request.Headers.Add("X-Shopify-Shop-Domain", "demo.myshopify.com");
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> FindAsync(HttpClient client, string key)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/customers?email=ada.shopper@example.com") { Headers = { { "x-functions-key", key } } };
            using var response = await client.SendAsync(request, Cancellation);
            var items = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation)).RootElement.GetProperty("items");
            if (items.GetArrayLength() > 0 || attempt == 100)
                return items[0];
            await Task.Delay(50, Cancellation);
        }
    }

    private static async Task<(string Id, JsonElement Event)> NextAsync(StreamReader stream)
    {
        var id = "";
        while (await stream.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (id, JsonDocument.Parse(line[6..]).RootElement);
        }
        throw new InvalidOperationException("The stream ended.");
    }
}
