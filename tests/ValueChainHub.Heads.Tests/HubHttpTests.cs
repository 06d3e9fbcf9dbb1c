using System.Net;
using System.Text;
using ValueChainHub.Core.Storage;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Heads.Tests;

/// <summary>What every operation has in common, over real HTTP with a table made for the purpose.</summary>
public sealed class HubHttpTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hands_the_handler_the_raw_bytes_and_what_the_url_says()
    {
        var (seen, header) = ((HubRequest?)null, "");
        await using var server = await TableServer.StartAsync(
            [Row("Echo", "POST", "things/{id}", HubRole.None, request => (seen, header) = (request, request.Headers["x-one"]))], new("https://hub.example.com/base/"));
        byte[] body = [0, 255, 13, 10, 128];

        await server.SendAsync(HttpMethod.Post, "/api/things/a%20b?x=1&code=none&x=2", content: new ByteArrayContent(body), headers: [("X-One", "1"), ("X-One", "2")]);

        seen.ShouldNotBeNull();
        seen.Body.ToArray().ShouldBe(body);
        seen.RouteValue("id").ShouldBe("a b");
        seen.QueryValue("x").ShouldBe("1");
        seen.QueryValue("code").ShouldBeNull("a key is not the handler's business");
        header.ShouldBe("1, 2");
        seen.Url.OriginalString.ShouldBe("https://hub.example.com/base/api/things/a%20b?x=1&code=none&x=2");
    }

    [Fact]
    public async Task Takes_a_body_of_exactly_the_limit()
    {
        var length = 0;
        await using var server = await TableServer.StartAsync([Row("Take", "POST", "take", HubRole.None, request => length = request.Body.Length)]);

        var response = await server.SendAsync(HttpMethod.Post, "/api/take", content: TableServer.Bytes(1024 * 1024));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        length.ShouldBe(1024 * 1024);
    }

    [Theory]
    [InlineData(1024 * 1024 + 1, false)]
    [InlineData(1024 * 1024 + 1, true)]
    [InlineData(5 * 1024 * 1024, false)]
    [InlineData(5 * 1024 * 1024, true)]
    public async Task Refuses_a_larger_body_and_counts_it(int length, bool chunked)
    {
        var (handled, counted) = (0, 0);
        var row = Row("Take", "POST", "take", HubRole.None, _ => handled++) with { OnTooLarge = _ => counted++ };
        await using var server = await TableServer.StartAsync([row]);
        using var content = TableServer.Bytes(length);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/take") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await server.Client.SendAsync(request, Cancellation);

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        handled.ShouldBe(0);
        counted.ShouldBe(1);
    }

    [Fact]
    public async Task Names_the_allowed_methods_when_the_method_is_wrong()
    {
        await using var server = await TableServer.StartAsync([Row("Get", "GET", "thing"), Row("Post", "POST", "thing"), Row("ById", "GET", "{id}")]);

        var response = await server.SendAsync(HttpMethod.Delete, "/api/thing?code=secret");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET", "POST"]);
        problem.GetProperty("instance").GetString().ShouldBe("/api/thing");
    }

    [Fact]
    public async Task A_literal_path_of_another_method_does_not_hide_a_parameter_of_this_one()
    {
        await using var server = await TableServer.StartAsync([Row("Search", "POST", "customers/search"), Row("ById", "GET", "customers/{id}")]);

        (await server.SendAsync(HttpMethod.Get, "/api/customers/search")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing?email=ada@example.com")]
    public async Task Answers_unknown_paths_with_a_problem(string path)
    {
        await using var server = await TableServer.StartAsync([Row("Get", "GET", "thing")]);

        var problem = await (await server.SendAsync(HttpMethod.Get, path)).ShouldBeProblemAsync(HttpStatusCode.NotFound);

        problem.ToString().ShouldNotContain("ada@");
    }

    [Fact]
    public async Task Says_when_to_come_back_when_the_store_does_not_answer()
    {
        await using var server = await TableServer.StartAsync(
            [Row("Down", "GET", "down", HubRole.None, _ => throw new StoreUnavailableException("inside", outcomeUnknown: false) { RetryAfter = TimeSpan.FromSeconds(6.2) })]);

        var response = await server.SendAsync(HttpMethod.Get, "/api/down");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        problem.ToString().ShouldNotContain("inside");
    }

    [Fact]
    public async Task Tells_an_expired_cursor_from_a_wrong_one()
    {
        await using var server = await TableServer.StartAsync([Row("Old", "GET", "old", HubRole.None, _ => throw new ContinuationExpiredException("inside"))]);

        await (await server.SendAsync(HttpMethod.Get, "/api/old")).ShouldBeProblemAsync(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Shows_nothing_of_a_fault_and_logs_it_without_its_message()
    {
        await using var server = await TableServer.StartAsync([Row("Bad", "GET", "bad", HubRole.None, _ => throw new FormatException("ada@example.com is no number"))]);

        var problem = await (await server.SendAsync(HttpMethod.Get, "/api/bad?email=ada@example.com")).ShouldBeProblemAsync(HttpStatusCode.InternalServerError);

        problem.ToString().ShouldNotContain("ada@");
        problem.ToString().ShouldNotContain("FormatException");
        server.Logs.Text.ShouldContain("FormatException");
        server.Logs.Text.ShouldContain("Bad");
        server.Logs.Text.ShouldNotContain("ada@");
    }

    [Fact]
    public async Task Takes_a_large_limit_as_the_largest_and_refuses_what_is_no_count()
    {
        var seen = 0;
        await using var server = await TableServer.StartAsync([Row("List", "GET", "list", HubRole.None, request => seen = request.Limit())]);

        (await server.SendAsync(HttpMethod.Get, "/api/list?limit=5000")).StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.ShouldBe(1000);
        foreach (var limit in (string[])["0", "-1", "x", "1.5", "99999999999"])
        {
            var problem = await (await server.SendAsync(HttpMethod.Get, "/api/list?limit=" + limit)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
            problem.GetProperty("detail").GetString()!.ShouldContain("limit");
        }
    }

    [Fact]
    public async Task Ends_streams_when_told_to_stop_but_lets_answers_finish()
    {
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var stream = new HubOperation("Stream", "GET", "stream", HubRole.None, "", (_, _) => Task.FromResult(HubReply.Events(async (body, token) =>
        {
            await body.WriteAsync(": hello\n\n"u8.ToArray(), token);
            await body.FlushAsync(token);
            await Task.Delay(Timeout.Infinite, token);
        })));
        var slow = new HubOperation("Slow", "GET", "slow", HubRole.None, "", async (_, _) =>
        {
            entered.SetResult();
            await release.Task;
            return HubReply.Text("done");
        });
        await using var server = await TableServer.StartAsync([stream, slow]);
        var streaming = await server.SendAsync(HttpMethod.Get, "/api/stream");
        var answering = server.SendAsync(HttpMethod.Get, "/api/slow");
        await entered.Task;

        var stopping = server.StopAsync();
        var text = await streaming.Content.ReadAsStringAsync(Cancellation);
        release.SetResult();

        text.ShouldBe(": hello\n\n");
        (await (await answering).Content.ReadAsStringAsync(Cancellation)).ShouldBe("done");
        await stopping;
    }

    [Fact]
    public async Task Does_not_name_the_server_and_keeps_answers_with_data_out_of_caches()
    {
        await using var server = await TableServer.StartAsync([Row("Read", "GET", "read", HubRole.Reader)]);

        var response = await server.SendAsync(HttpMethod.Get, "/api/read", TableServer.ReaderKey);

        response.Headers.Server.ShouldBeEmpty();
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Explains_a_body_that_is_no_json_without_quoting_it()
    {
        await using var server = await TableServer.StartAsync([Row("Parse", "POST", "parse", HubRole.None, request => request.Json(TestJson.Default.Thing))]);
        using var content = new StringContent("{\"name\": ada@example.com}", Encoding.UTF8, "application/json");

        var problem = await (await server.SendAsync(HttpMethod.Post, "/api/parse", content: content)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        problem.GetProperty("detail").GetString()!.ShouldContain("line 1");
        problem.ToString().ShouldNotContain("ada@");
    }

    internal static HubOperation Row(string name, string method, string route, HubRole role = HubRole.None, Action<HubRequest>? act = null) =>
        new(name, method, route, role, name, (request, _) =>
        {
            act?.Invoke(request);
            return Task.FromResult(HubReply.Text(name));
        });
}

internal sealed record Thing(string? Name);

[System.Text.Json.Serialization.JsonSerializable(typeof(Thing))]
internal sealed partial class TestJson : System.Text.Json.Serialization.JsonSerializerContext;
