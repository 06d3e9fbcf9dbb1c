using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Server;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>The server head as it is, on a free loopback port, in a folder of its own, over a store in memory.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TestFolder _folder;

    private RunningServer(WebApplication app, TestFolder folder, SwitchableStore store, CapturedLogs logs)
    {
        (App, _folder, Store, Logs) = (app, folder, store, logs);
        Client = new() { BaseAddress = new(app.Urls.First()) };
    }

    public const string WebhookSecret = "webhook-secret-of-these-tests";

    public WebApplication App { get; }

    public SwitchableStore Store { get; }

    public CapturedLogs Logs { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(params string[] settings)
    {
        var (folder, store, logs) = (new TestFolder(), new SwitchableStore(), new CapturedLogs());
        string[] args =
        [
            "--urls=http://127.0.0.1:0",
            "--Hub:DataDirectory=" + folder.Path,
            "--Hub:AdminKey=" + TableServer.AdminKey,
            "--Hub:OperatorKey=" + TableServer.OperatorKey,
            "--Hub:ReaderKey=" + TableServer.ReaderKey,
            "--Connectors:shopify:WebhookSecret=" + WebhookSecret,
            .. settings,
        ];
        var app = HubServer.Build(args, new([new TestVendor()], (_, _) => new(store, new NoBus())));
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, folder, store, logs);
    }

    public async Task<JsonElement> JsonAsync(string path, HttpStatusCode status = HttpStatusCode.OK, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A bus that takes everything and brings nothing.</summary>
internal sealed class NoBus : IChainBus
{
    public ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.Delay(patience, cancellationToken);
        return [];
    }

    public ValueTask CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DeferAsync(ReceivedMessage message, DateTimeOffset due, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string subscription, int limit, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<DeadLetter>>([]);

    public ValueTask<bool> ResubmitAsync(string subscription, string messageId, CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
