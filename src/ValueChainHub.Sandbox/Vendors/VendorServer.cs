using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors;

/// <summary>A vendor's API on a loopback port of its own, and what goes wrong with it.</summary>
public sealed class VendorServer : IAsyncDisposable
{
    /// <summary>How long a call hangs before the connection ends.</summary>
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(1.5);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    private VendorServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<VendorServer> StartAsync(ISandboxVendor vendor, Faults faults, Dice dice, WireCounts counts, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new VendorServer(builder.Build());
        server._app.Use((context, next) => server.DisturbAsync(context, next, vendor.Name, faults, dice, counts));
        vendor.Map(server._app);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Every second call of a path is left alone, so that who asks again gets an answer.</summary>
    private async Task DisturbAsync(HttpContext context, RequestDelegate next, string vendor, Faults faults, Dice dice, WireCounts counts)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeverDisturbed>() is not null)
        {
            await next(context);
            return;
        }
        var path = context.Request.Path.Value + context.Request.QueryString.Value;
        var asked = _asked.AddOrUpdate(path, 1, (_, before) => before + 1);
        bool Falls(Fault fault) => asked % 2 == 1 && dice.Falls(faults[fault], fault.ToString(), vendor, path, asked.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Falls(Fault.Hang))
        {
            counts.CountFailedCall();
            await Task.Delay(Hanging, context.RequestAborted);
            context.Abort();
        }
        else if (Falls(Fault.Throttle))
        {
            counts.CountFailedCall();
            context.Response.Headers.RetryAfter = "1";
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        }
        else if (Falls(Fault.ServerError))
        {
            counts.CountFailedCall();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        else
        {
            await next(context);
            counts.CountCall();
        }
    }
}

/// <summary>An endpoint that works always: it is another machine than the API, and asked so seldom that one fault would be felt for a minute.</summary>
internal sealed class NeverDisturbed;
