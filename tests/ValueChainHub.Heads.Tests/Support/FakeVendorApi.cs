using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>What a vendor was asked.</summary>
internal sealed record VendorCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>What a vendor answers.</summary>
internal sealed record VendorAnswer(int Status, string Body, string? Header = null, string? HeaderValue = null);

/// <summary>A vendor's API at the wire: answers as it is told to, and keeps what it was asked.</summary>
internal sealed class FakeVendorApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<VendorCall, VendorAnswer?> _answer;

    private FakeVendorApi(WebApplication app, Func<VendorCall, VendorAnswer?> answer) => (_app, _answer) = (app, answer);

    public ConcurrentQueue<VendorCall> Asked { get; } = new();

    public string Url => _app.Urls.First();

    /// <param name="answer">The answer to a call; null to let it hang.</param>
    public static async Task<FakeVendorApi> StartAsync(Func<VendorCall, VendorAnswer?> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeVendorApi(builder.Build(), answer);
        fake._app.Map("{**path}", (RequestDelegate)fake.AnswerAsync);
        await fake._app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new VendorCall(context.Request.Method, context.Request.Path, headers, await reader.ReadToEndAsync(context.RequestAborted));
        Asked.Enqueue(call);
        if (_answer(call) is not { } answer)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        context.Response.StatusCode = answer.Status;
        if (answer.Header is { } name)
            context.Response.Headers[name] = answer.HeaderValue;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
