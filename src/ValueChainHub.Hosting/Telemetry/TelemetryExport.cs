using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ValueChainHub.Core;
using ValueChainHub.Hosting.Documents;

namespace ValueChainHub.Hosting.Telemetry;

/// <summary>Sends spans and metrics to the collector at <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. Registered only when that is set; it subscribes to the hub's own source and to no other.</summary>
public sealed class TelemetryExport : IHostedService, IDisposable
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private TracerProvider? _tracer;
    private MeterProvider? _meter;

    public static bool IsWanted(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[EndpointVariable]);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("valuechainhub", serviceVersion: HubVersion.Text, autoGenerateServiceInstanceId: true).AddEnvironmentVariableDetector();
        _tracer = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(HubTelemetry.Name).AddOtlpExporter().Build();
        _meter = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(HubTelemetry.Name).AddMeter("System.Runtime").AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What is waiting goes out with the last of the time there is.
        _tracer?.ForceFlush(2000);
        _meter?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _tracer?.Dispose();
        _meter?.Dispose();
    }
}
