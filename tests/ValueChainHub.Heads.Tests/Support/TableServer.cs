using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Telemetry;
using ValueChainHub.Server;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>Kestrel on a free loopback port, publishing a table made for a test.</summary>
internal sealed class TableServer : IAsyncDisposable
{
    public const string AdminKey = "admin-key-of-these-tests";
    public const string OperatorKey = "operator-key-of-these-tests";
    public const string ReaderKey = "reader-key-of-these-tests";

    private readonly WebApplication _app;

    private TableServer(WebApplication app, CapturedLogs logs)
    {
        _app = app;
        Logs = logs;
        Client = new() { BaseAddress = new(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public CapturedLogs Logs { get; }

    public static async Task<TableServer> StartAsync(IReadOnlyList<HubOperation> operations, Uri? publicUrl = null)
    {
        var logs = new CapturedLogs();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddHubFilter().AddProvider(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(HubServer.Tune);
        var app = builder.Build();
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        var http = new HubHttp(new(AdminKey, OperatorKey, ReaderKey), publicUrl, TimeProvider.System, app.Services.GetRequiredService<ILogger<HubHttp>>(), lifetime.ApplicationStopping);
        app.MapHub(http, operations);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, logs);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public static ByteArrayContent Bytes(int length)
    {
        var content = new ByteArrayContent(new byte[length]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
