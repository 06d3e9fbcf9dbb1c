using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class AuthorizationTests : WireTest
{
    [Fact]
    public async Task Another_key_is_refused()
    {
        using var stranger = new CosmosClient(Server.Endpoint, Convert.ToBase64String(new byte[64]), Gateway());

        var refused = await RefusedAsync(() => stranger.GetContainer("hub", "items").ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation));

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_request_without_a_signature_is_refused()
    {
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(Server.Endpoint + "/dbs/hub"), Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_may_read_and_write_items()
    {
        using var identity = WithToken(TimeSpan.FromHours(1));
        var items = identity.GetContainer("hub", "items");

        await items.CreateItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: Cancellation);
        using var pages = items.GetItemQueryIterator<Row>("SELECT * FROM c ORDER BY c.id", requestOptions: new() { PartitionKey = new("p") });

        (await pages.ReadNextAsync(Cancellation)).Count.ShouldBe(1);
        (await items.GetFeedRangesAsync(Cancellation)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_token_may_create_no_container()
    {
        using var identity = WithToken(TimeSpan.FromHours(1));

        var refused = await RefusedAsync(() => identity.GetDatabase("hub").CreateContainerAsync("mine", "/pk", cancellationToken: Cancellation));

        (refused.StatusCode, refused.SubStatusCode).ShouldBe((HttpStatusCode.Forbidden, 5300));
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        using var identity = WithToken(TimeSpan.FromHours(-1));

        var refused = await RefusedAsync(() => identity.GetContainer("hub", "items").ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation));

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private CosmosClient WithToken(TimeSpan validity) => new(Server.Endpoint, new WireCredential(Time.GetUtcNow() + validity), Gateway());
}
