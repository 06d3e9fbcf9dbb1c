using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using ValueChainHub.Core;

namespace ValueChainHub.Hosting.Telemetry;

/// <summary>Gives every request and every delivery a trace id, also when nobody exports spans: a delivery names its trace, and problems and logs the same one.</summary>
internal sealed class TraceIds : IHostedService, IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == HubTelemetry.Name,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();
}
