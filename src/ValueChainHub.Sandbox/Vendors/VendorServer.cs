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

    public static async Task<VendorServer> StartAsync(ISandboxVendor vendor, VendorSwitches switches, Dice dice, WireCounts counts, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new VendorServer(builder.Build());
        server._app.Use((context, next) => server.DisturbAsync(context, next, vendor, switches, dice, counts));
        vendor.Map(server._app);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task DisturbAsync(HttpContext context, RequestDelegate next, ISandboxVendor vendor, VendorSwitches switches, Dice dice, WireCounts counts)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeverDisturbed>() is not null)
        {
            await next(context);
            return;
        }
        var (faults, path) = (switches.Faults, context.Request.Path.Value + context.Request.QueryString.Value);
        var asked = _asked.AddOrUpdate(path, 1, (_, before) => before + 1);
        bool Falls(Fault fault) => asked % 2 == 1 && dice.Falls(faults[fault], fault.ToString(), vendor.Name, path, asked.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if ((switches.Down ?? (Falls(Fault.Hang) ? Outage.Hang : Falls(Fault.ServerError) ? Outage.ServerError : null)) is { } outage)
        {
            counts.CountFailedCall();
            await FailAsync(context, outage, switches);
        }
        else if (switches.Throttles || Falls(Fault.Throttle))
        {
            counts.CountFailedCall();
            await vendor.RefuseThrottledAsync(context);
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && Falls(Fault.LostAnswer))
        {
            counts.CountFailedCall();
            context.Response.Body = Stream.Null;
            await next(context);
            context.Abort();
        }
        else
        {
            await next(context);
            counts.CountCall();
        }
    }

    private async Task FailAsync(HttpContext context, Outage outage, VendorSwitches switches)
    {
        if (outage == Outage.ServerError)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        if (outage == Outage.Hang)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
            do
                await Task.Delay(Hanging, ends.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            while (switches.Down == Outage.Hang && !ends.IsCancellationRequested);
        }
        context.Abort();
    }
}

/// <summary>An endpoint that works always: it is another machine than the API, and asked so seldom that one fault would be felt for a minute.</summary>
internal sealed class NeverDisturbed;
