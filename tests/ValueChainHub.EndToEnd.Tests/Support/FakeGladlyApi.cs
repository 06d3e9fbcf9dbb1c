using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>How a vendor's API fails.</summary>
public enum Outage
{
    /// <summary>Nobody listens.</summary>
    Refuses,

    /// <summary>Every answer is a 500.</summary>
    Breaks,

    /// <summary>Connections are taken, and nothing is ever answered.</summary>
    Hangs,
}

/// <summary>Gladly's API at the wire: profiles of made-up customers, ten requests in any second and no more, and outages.</summary>
internal sealed class FakeGladlyApi : IAsyncDisposable
{
    private const int PerSecond = 10;
    private readonly int _port = FreePort();
    private readonly ConcurrentQueue<DateTimeOffset> _asked = new();
    private WebApplication? _app;
    private volatile bool _isDown;
    private Outage _outage;

    public string Url => $"http://127.0.0.1:{_port}";

    /// <summary>Requests while it was down.</summary>
    public int AskedInVain { get; private set; }

    /// <summary>Customers that were answered.</summary>
    public ConcurrentDictionary<string, int> Answered { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests beyond the limit.</summary>
    public int TooMany { get; private set; }

    public async Task GoDownAsync(Outage outage)
    {
        (_outage, _isDown) = (outage, true);
        if (outage != Outage.Refuses)
            await ListenAsync();
    }

    public async Task ComeBackAsync()
    {
        _isDown = false;
        if (_app is null)
            await ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapGet("/api/v1/customer-profiles/{id}", (HttpContext context, string id) => AnswerAsync(context, id));
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context, string id)
    {
        if (_isDown)
        {
            AskedInVain++;
            if (_outage == Outage.Hangs)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Response.StatusCode = 500;
            return;
        }
        var now = DateTimeOffset.UtcNow;
        _asked.Enqueue(now);
        if (_asked.Count(at => now - at < TimeSpan.FromSeconds(1)) > PerSecond)
        {
            TooMany++;
            context.Response.StatusCode = 429;
            return;
        }
        Answered.AddOrUpdate(id, 1, (_, count) => count + 1);
        await context.Response.WriteAsync($$"""{"id":"{{id}}","name":"Shopper {{id}}","updatedAt":"2026-03-02T09:10:00Z","emails":[{"original":"{{id}}@desk.test","primary":true}],"phones":[]}""");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
