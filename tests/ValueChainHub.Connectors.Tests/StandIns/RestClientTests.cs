using System.Net;
using System.Net.Http.Headers;
using Refit;

namespace ValueChainHub.Connectors.Tests.StandIns;

/// <summary>What our clients rely on from Refit. Written against its namespace alone: the package and the stand-in must both pass.</summary>
public sealed class RestClientTests : IDisposable
{
    private readonly Wire wire = new();
    private readonly HttpClient client;
    private readonly IShopApi api;

    public RestClientTests()
    {
        client = new HttpClient(wire) { BaseAddress = new Uri("https://shop.example/admin/") };
        api = RestService.For<IShopApi>(client, new RefitSettings(new SystemTextJsonContentSerializer()));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Calls_below_the_path_of_the_base_address()
    {
        await api.DeleteAsync(5, Token);

        wire.Request.Method.ShouldBe(HttpMethod.Delete);
        wire.Request.RequestUri!.ToString().ShouldBe("https://shop.example/admin/orders/5");
    }

    [Theory]
    [InlineData("a b", "/admin/orders/a%20b")]
    [InlineData("a/b?c#d", "/admin/orders/a%2Fb%3Fc%23d")]
    [InlineData("50%&=+", "/admin/orders/50%25%26%3D%2B")]
    [InlineData("gid://shop/Order/1", "/admin/orders/gid%3A%2F%2Fshop%2FOrder%2F1")]
    [InlineData("caf\u00e9", "/admin/orders/caf%C3%A9")]
    public async Task Escapes_the_whole_of_a_path_argument(string id, string target)
    {
        await api.GetOrderAsync(id, Token);

        wire.Target.ShouldBe(target);
    }

    [Fact]
    public async Task Keeps_the_slashes_of_a_round_tripping_path_argument()
    {
        await api.GetFileAsync("a b/c?d/e", Token);

        wire.Target.ShouldBe("/admin/files/a%20b/c%3Fd/e");
    }

    [Fact]
    public async Task Finds_path_arguments_by_alias_and_without_regard_to_case()
    {
        await api.GetNoteAsync(9007199254740993, 2, Token);

        wire.Target.ShouldBe("/admin/orders/9007199254740993/notes/2");
    }

    [Theory]
    [InlineData(null, "/admin/shops")]
    [InlineData("x", "/admin/shops/x")]
    public async Task Leaves_out_an_optional_place_without_a_value(string? shop, string target)
    {
        await api.GetShopsAsync(shop, Token);

        wire.Target.ShouldBe(target);
    }

    [Fact]
    public async Task Writes_query_arguments_after_the_query_of_the_path()
    {
        await api.SearchAsync(50, "a=b&c", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Token);

        wire.Target.ShouldBe("/admin/orders?status=any&page%5Bsize%5D=50&cursor=a%3Db%26c&since=2026-01-02T03%3A04%3A05Z");
    }

    [Fact]
    public async Task Leaves_out_query_arguments_that_are_null()
    {
        await api.SearchAsync(null, null, null, Token);

        wire.Target.ShouldBe("/admin/orders?status=any");
    }

    [Fact]
    public async Task Joins_a_list_by_commas_unless_told_to_repeat_the_name()
    {
        await api.SearchByIdsAsync([1, 2, 3], Token);
        wire.Target.ShouldBe("/admin/orders?ids=1%2C2%2C3");

        await api.SearchByTagsAsync(["a", "b c"], Token);
        wire.Target.ShouldBe("/admin/orders?tag=a&tag=b%20c");
    }

    [Fact]
    public async Task Writes_an_object_property_by_property()
    {
        await api.SearchByFilterAsync(new ShopFilter("2026-01-01", ShopStatus.PartiallyPaid, true, null), Token);

        wire.Target.ShouldBe("/admin/orders?created_at_min=2026-01-01&financial_status=partially_paid&Archived=True");
    }

    [Fact]
    public async Task Writes_a_map_key_by_key()
    {
        await api.SearchByMapAsync(new Dictionary<string, string> { ["filter[email]"] = "a+b@example.com" }, Token);

        wire.Target.ShouldBe("/admin/orders?filter%5Bemail%5D=a%2Bb%40example.com");
    }

    [Fact]
    public async Task Lets_the_narrower_header_win_and_a_name_alone_remove_it()
    {
        await api.HeadersAsync("c1", "Bearer t", new Dictionary<string, string> { ["X-More"] = "m" }, Token);

        wire.Header("Accept").ShouldBe("application/json");
        wire.Header("X-From").ShouldBe("method");
        wire.Header("X-Api-Version").ShouldBeNull();
        wire.Header("X-Call").ShouldBe("c1");
        wire.Header("X-More").ShouldBe("m");
        wire.Request.Headers.Authorization.ShouldBe(new AuthenticationHeaderValue("Bearer", "t"));
    }

    [Fact]
    public async Task Sends_no_header_for_null_and_no_second_header_for_a_line_break()
    {
        await api.HeadersAsync(null, null, new Dictionary<string, string> { ["X-More"] = "m\r\nX-Evil: 1" }, Token);

        wire.Header("X-Call").ShouldBeNull();
        wire.Request.Headers.Authorization.ShouldBeNull();
        wire.Header("X-More").ShouldBe("mX-Evil: 1");
        wire.Header("X-Evil").ShouldBeNull();
    }

    [Fact]
    public async Task Sends_and_reads_json_in_camel_case_with_enumerations_as_text()
    {
        wire.Body = """{"ID":"8","orderName":"#8","state":"paid","unknown":[1]}""";

        var created = await api.CreateAsync(new ShopOrder(7, "#7"), Token);

        wire.SentType.ShouldBe("application/json; charset=utf-8");
        wire.SentBody.ShouldBe("""{"id":7,"orderName":"#7","state":"notPaid"}""");
        created.ShouldBe(new ShopOrder(8, "#8", ShopState.Paid));
    }

    [Fact]
    public async Task Takes_the_only_object_of_a_put_as_its_body()
    {
        await api.ReplaceAsync(7, new ShopOrder(7, "#7"), Token);

        wire.Target.ShouldBe("/admin/orders/7");
        wire.SentBody.ShouldBe("""{"id":7,"orderName":"#7","state":"notPaid"}""");
    }

    [Fact]
    public async Task Sends_text_as_it_is_unless_told_to_serialize_it()
    {
        await api.PatchAsync("as is", Token);
        wire.SentBody.ShouldBe("as is");
        wire.SentType.ShouldBe("text/plain; charset=utf-8");

        await api.PatchSerializedAsync("as json", Token);
        wire.SentBody.ShouldBe("\"as json\"");
    }

    [Fact]
    public async Task Sends_a_form()
    {
        await api.SignInAsync(new Dictionary<string, string> { ["user"] = "a b", ["pass"] = "c&d" }, Token);

        wire.SentType.ShouldBe("application/x-www-form-urlencoded");
        wire.SentBody.ShouldBe("user=a+b&pass=c%26d");
    }

    [Fact]
    public async Task Sends_content_as_it_is_with_the_declared_type()
    {
        using var content = new StringContent("<raw>");

        await api.RawAsync(content, Token);

        wire.SentBody.ShouldBe("<raw>");
        wire.SentType.ShouldBe("application/vnd.api+json");
    }

    [Fact]
    public async Task Throws_a_failure_with_its_status_headers_and_body()
    {
        wire.Status = HttpStatusCode.TooManyRequests;
        wire.Body = """{"errors":"slow down"}""";

        var failure = await Should.ThrowAsync<ApiException>(api.GetOrderAsync("1", Token));

        failure.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        failure.HttpMethod.ShouldBe(HttpMethod.Get);
        failure.Uri!.AbsolutePath.ShouldBe("/admin/orders/1");
        failure.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        failure.Content.ShouldBe("""{"errors":"slow down"}""");
        (await failure.GetContentAsAsync<ShopFault>()).ShouldBe(new ShopFault("slow down"));
    }

    [Fact]
    public async Task Throws_a_failure_of_a_call_without_a_result_too()
    {
        wire.Status = HttpStatusCode.Conflict;

        (await Should.ThrowAsync<ApiException>(api.DeleteAsync(1, Token))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Says_what_could_not_be_read()
    {
        wire.Body = "<html>";

        var failure = await Should.ThrowAsync<ApiException>(api.GetOrderAsync("1", Token));

        failure.StatusCode.ShouldBe(HttpStatusCode.OK);
        failure.Content.ShouldBe("<html>");
        failure.InnerException.ShouldBeOfType<System.Text.Json.JsonException>();
    }

    [Fact]
    public async Task Wraps_a_call_without_an_answer_and_keeps_its_cause()
    {
        wire.Fault = new HttpRequestException("no route");

        var failure = await Should.ThrowAsync<ApiRequestException>(api.GetOrderAsync("1", Token));

        failure.InnerException.ShouldBeSameAs(wire.Fault);
        failure.Uri!.AbsolutePath.ShouldBe("/admin/orders/1");
    }

    [Fact]
    public async Task Lets_the_callers_cancellation_through()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(api.GetOrderAsync("1", cancelled.Token));
    }

    [Fact]
    public async Task Puts_the_answer_into_a_response_when_it_is_good()
    {
        wire.Body = """{"id":3,"orderName":"#3"}""";

        using var response = await api.LookAsync(3, Token);

        response.IsSuccessful.ShouldBeTrue();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.ShouldBe(new ShopOrder(3, "#3"));
        response.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Puts_a_refusal_a_body_that_cannot_be_read_and_a_missing_answer_into_the_response()
    {
        wire.Status = HttpStatusCode.NotFound;
        wire.Body = "gone";
        using var refused = await api.LookAsync(3, Token);
        refused.IsSuccessful.ShouldBeFalse();
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        refused.Error.ShouldBeAssignableTo<ApiException>()!.Content.ShouldBe("gone");

        wire.Status = HttpStatusCode.OK;
        using var unreadable = await api.LookAsync(3, Token);
        unreadable.IsSuccessStatusCode.ShouldBeTrue();
        unreadable.IsSuccessful.ShouldBeFalse();
        unreadable.HasResponseError(out _).ShouldBeTrue();

        wire.Fault = new HttpRequestException("no route");
        using var missing = await api.LookAsync(3, Token);
        missing.IsReceived.ShouldBeFalse();
        missing.StatusCode.ShouldBeNull();
        missing.HasRequestError(out var fault).ShouldBeTrue();
        fault!.InnerException.ShouldBeSameAs(wire.Fault);
    }

    [Fact]
    public async Task Hands_over_the_whole_answer_whatever_its_status()
    {
        wire.Status = HttpStatusCode.BadGateway;
        wire.Body = "down";

        using var answer = await api.GetWholeAsync(1, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("down");
    }

    [Fact]
    public async Task Shows_every_failure_to_the_redactor_before_it_is_thrown()
    {
        wire.Status = HttpStatusCode.BadRequest;
        wire.Body = "secret";
        var settings = new RefitSettings
        {
            ExceptionRedactor = failure =>
            {
                if (failure is ApiException answered)
                    answered.Content = null;
            },
        };

        (await Should.ThrowAsync<ApiException>(RestService.For<IShopApi>(client, settings).DeleteAsync(1, Token))).Content.ShouldBeNull();
    }
}
