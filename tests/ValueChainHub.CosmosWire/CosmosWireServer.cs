using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ValueChainHub.CosmosWire.Bills;
using ValueChainHub.CosmosWire.Faults;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire;

/// <summary>Speaks as much of the Cosmos DB gateway protocol as the hub's adapter uses, over a store in memory, on a loopback port.</summary>
/// <remarks>
/// What it does not know it answers with 501 and keeps in <see cref="Violations"/>; a test ends with <see cref="ThrowOnViolations"/>.
/// The README beside this file says what is faithful, what is published and what is assumed.
/// </remarks>
public sealed class CosmosWireServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly WireAuthorization _authorization;
    private WireRouter _router = null!;

    private CosmosWireServer(WebApplication app, TimeProvider time) => (_app, _authorization) = (app, new(Key, time));

    public string Endpoint => _app.Urls.First();

    /// <summary>The account's master key.</summary>
    public string Key { get; } = Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes("the key of a server that keeps nothing")));

    public string ConnectionString => $"AccountEndpoint={Endpoint};AccountKey={Key};";

    /// <summary>What fails, and how.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>What every request has cost.</summary>
    public Bill Bill { get; } = new();

    /// <summary>What was asked that this server does not do, or that the service would not take.</summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    public static async Task<CosmosWireServer> StartAsync(CosmosWireOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Before the first client of the process, or that client asks 169.254.169.254 which machine it is on.
        Environment.SetEnvironmentVariable("COSMOS_DISABLE_IMDS_ACCESS", "true");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 16 << 20);
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        var server = new CosmosWireServer(builder.Build(), options.Time);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(cancellationToken);
        server._router = new(new(options), server.Endpoint);
        return server;
    }

    /// <exception cref="InvalidOperationException">Something was asked that this server does not do.</exception>
    public void ThrowOnViolations()
    {
        if (!_violations.IsEmpty)
            throw new InvalidOperationException(string.Join(Environment.NewLine, _violations));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
        try
        {
            await AnswerAsync(context, gone.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken gone)
    {
        var request = await WireRequest.ReadAsync(context);
        await Task.Delay(Faults.Latency, gone);
        var fault = Faults.Draw(request);
        var answer = fault is null or { Does: true } ? await AnswerAsync(request) : WireRefusal.Of(fault).ToAnswer();
        Bill.Add(request, answer);
        if (fault is { Hangs: true })
            await Task.Delay(Timeout.Infinite, gone);
        if (fault is { Drops: true })
            context.Abort();
        else
            await answer.WriteAsync(context.Response, gone);
    }

    private async Task<WireAnswer> AnswerAsync(WireRequest request)
    {
        try
        {
            _authorization.Check(request);
            return await _router.AnswerAsync(request);
        }
        catch (WireRefusal refusal)
        {
            if (refusal.IsViolation)
                _violations.Enqueue($"{request}: {refusal.Message}");
            return refusal.ToAnswer();
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException)
        {
            // The server's own fault must not pass for one of the service's.
            _violations.Enqueue($"{request}: {mistake}");
            return WireRefusal.Unsupported(mistake.Message).ToAnswer();
        }
    }
}
