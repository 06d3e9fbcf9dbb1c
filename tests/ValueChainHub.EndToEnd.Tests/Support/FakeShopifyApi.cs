using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Shopify's GraphQL endpoint at the wire: answers what it was told to, in order, and keeps what it was asked.</summary>
internal sealed class FakeShopifyApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body, string? RetryAfter)> _answers = new();

    private FakeShopifyApi(WebApplication app) => _app = app;

    public ConcurrentQueue<(string? Token, string Body)> Asked { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<FakeShopifyApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeShopifyApi(builder.Build());
        fake._app.MapPost("/admin/api/{version}/graphql.json", fake.AnswerAsync);
        await fake._app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public void Answer(JsonNode body) => _answers.Enqueue((200, body.ToJsonString(), null));

    public void Throttle(int seconds) => _answers.Enqueue((429, "{}", $"{seconds}"));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Asked.Enqueue((context.Request.Headers["X-Shopify-Access-Token"], await reader.ReadToEndAsync(context.RequestAborted)));
        var (status, body, retryAfter) = _answers.TryDequeue(out var answer) ? answer : (500, "{}", null);
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
