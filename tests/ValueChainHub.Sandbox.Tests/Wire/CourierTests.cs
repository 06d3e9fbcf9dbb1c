using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Wire;

/// <summary>Each fault does what it says, and nothing else.</summary>
public sealed class CourierTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SandboxBooks _books = new();
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly WireCounts _counts = new();
    private WebApplication _receiver = null!;
    private Func<Received, int> _answer = _ => 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/api/webhooks/{name}", ReceiveAsync);
        await _receiver.StartAsync(Token);
    }

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Without_faults_everything_is_sent_once_and_told()
    {
        var webhooks = await SendAsync(Faults.None);

        _received.Select(one => one.Id).Order().ShouldBe(webhooks.Select(webhook => webhook.Id).Order());
        (_counts.Made, _counts.Taken, _counts.Lost, _counts.Retried, _counts.Tampered).ShouldBe((webhooks.Count, webhooks.Count, 0, 0, 0));
        _books.Close().Told.Customers.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_is_lost_is_never_sent_and_told_to_nobody()
    {
        var webhooks = await SendAsync(Faults.None.With(Fault.Loss, 1));

        _received.ShouldBeEmpty();
        _counts.Lost.ShouldBe(webhooks.Count);
        _books.Close().Told.Customers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Fault.Duplicate)]
    [InlineData(Fault.Twin)]
    public async Task Doubles_have_the_same_id_and_body(Fault fault)
    {
        var webhooks = await SendAsync(Faults.None.With(fault, 1));

        _received.GroupBy(one => (one.Id, one.Digest)).ShouldAllBe(same => same.Count() == 2);
        _received.Count.ShouldBe(2 * webhooks.Count);
        _counts.Duplicated.ShouldBe(webhooks.Count);
    }

    [Theory]
    [InlineData(Fault.Reorder)]
    [InlineData(Fault.Delay)]
    public async Task Late_ones_are_overtaken_and_come_all_the_same(Fault fault)
    {
        var webhooks = await SendAsync(Faults.None.With(fault, 0.3));

        _received.Select(one => one.Id).ShouldNotBe(webhooks.Select(webhook => webhook.Id));
        _received.Select(one => one.Id).ShouldBe(webhooks.Select(webhook => webhook.Id), ignoreOrder: true);
        _counts.Reordered.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task After_a_wrong_signature_comes_the_vendors_own()
    {
        _answer = one => _received.Count(other => other.Id == one.Id) == 1 ? 401 : 200;

        await SendAsync(Faults.None.With(Fault.WrongSignature, 1));

        foreach (var tries in _received.GroupBy(one => one.Id))
            tries.Select(one => one.Signature).Distinct().Count().ShouldBe(2);
        _counts.Tampered.ShouldBe(_counts.Made);
        _counts.Taken.ShouldBe(_counts.Made);
    }

    [Fact]
    public async Task After_a_body_that_was_cut_comes_the_whole()
    {
        var webhooks = await SendAsync(Faults.None.With(Fault.Truncation, 1));

        _received.Where(one => one.IsWhole).Select(one => one.Length).Order().ShouldBe(webhooks.Select(webhook => webhook.Body.Length).Order());
        _counts.Tampered.ShouldBe(webhooks.Count);
        _counts.Answers[0].ShouldBe(webhooks.Count);
    }

    [Fact]
    public async Task A_secret_changes_between_two_tries_of_one_delivery()
    {
        using var courier = Courier(Faults.None.With(Fault.Rotation, 1));
        _answer = one =>
        {
            courier.Secret = SigningSecret.Present;
            return _received.Count(other => other.Id == one.Id) == 1 ? 500 : 200;
        };

        courier.Send(Webhooks().First(), Token);
        await courier.DrainAsync();

        _received.Select(one => one.Signature).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_hub_that_never_takes_it_is_tried_as_often_as_the_vendor_does_and_then_it_is_lost()
    {
        _answer = _ => 503;
        using var courier = Courier(Faults.None);

        courier.Send(Webhooks().First(), Token);
        await courier.DrainAsync();

        _received.Count.ShouldBe(1 + courier.Vendor.Retries.Waits.Count);
        (_counts.Lost, _counts.Taken).ShouldBe((1, 0));
        _books.Close().Told.Customers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Fault.Throttle, HttpStatusCode.OK)]
    [InlineData(Fault.LostAnswer, null)]
    [InlineData(Fault.ServerError, HttpStatusCode.InternalServerError)]
    [InlineData(Fault.Hang, null)]
    public async Task An_api_that_fails_answers_who_asks_again(Fault fault, HttpStatusCode? expected)
    {
        await using var server = await VendorServer.StartAsync(Vendor(), new(Faults.None.With(fault, 1)), new Dice(1), _counts, Token);
        using var http = new HttpClient { BaseAddress = server.Address };

        (await StatusAsync(http)).ShouldBe(expected);
        (await StatusAsync(http)).ShouldBe(HttpStatusCode.Unauthorized, "the vendor's own answer to a call without a key");
        _counts.CallsFailed.ShouldBe(1);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http)
    {
        try
        {
            using var response = await http.PostAsync("/admin/api/2026-07/graphql.json", null, Token);
            if (response.StatusCode == HttpStatusCode.OK)
                (await response.Content.ReadAsStringAsync(Token)).ShouldContain("THROTTLED", customMessage: "Shopify's way to say 429");
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Webhook>> SendAsync(Faults faults)
    {
        using var courier = Courier(faults);
        var webhooks = Webhooks();
        foreach (var webhook in webhooks)
        {
            courier.Send(webhook, Token);
            await Task.Delay(5, Token);
        }
        await courier.DrainAsync();
        return webhooks;
    }

    private Courier Courier(Faults faults) => new(Vendor(), new(_receiver.Urls.First()), _books, new VendorSwitches(faults), new Dice(1), _counts, speed: 36_000);

    private ShopifySandbox Vendor() => new(Shops.Home, _books);

    private List<Webhook> Webhooks()
    {
        var vendor = Vendor();
        return [.. ShopStory.Draw(2, 10, Now).Acts.SelectMany(act => vendor.Apply(act).Webhooks).Take(40)];
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var isWhole = true;
        try
        {
            await context.Request.Body.CopyToAsync(body, Token);
        }
        catch (Exception cut) when (cut is IOException or BadHttpRequestException)
        {
            isWhole = false;
        }
        var received = new Received(
            context.Request.Headers["X-Shopify-Webhook-Id"]!, context.Request.Headers["X-Shopify-Hmac-Sha256"]!, isWhole, (int)body.Length,
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body.ToArray())));
        _received.Enqueue(received);
        context.Response.StatusCode = isWhole ? _answer(received) : 400;
    }

    private sealed record Received(string Id, string Signature, bool IsWhole, int Length, string Digest);
}
