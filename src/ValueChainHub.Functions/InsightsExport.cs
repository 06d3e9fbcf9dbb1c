using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Core;

namespace ValueChainHub.Functions;

/// <summary>Sends the hub's metrics and spans to Application Insights, where the alerts of <c>infra/alerts.json</c> look for them. (Compiled with the published packages only; docs/adr/0009.)</summary>
internal static class InsightsExport
{
    /// <summary>The platform sets it; it is an address and not a secret, because the resource takes telemetry from identities only.</summary>
    private const string ConnectionVariable = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public static bool IsWanted(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[ConnectionVariable]);

    /// <param name="services">Where the worker's own telemetry is registered.</param>
    /// <param name="configuration">Where the address stands.</param>
    /// <param name="withHubSpans">False where the hub's spans go to a collector: the worker's providers send to both, and each span would come there twice.</param>
    public static void AddInsightsExport(this IServiceCollection services, IConfiguration configuration, bool withHubSpans)
    {
        var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = configuration["AZURE_CLIENT_ID"] });
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(HubTelemetry.Name).AddMeter("System.Runtime").AddAzureMonitorMetricExporter(Address, credential))
            .WithTracing(tracing => (withHubSpans ? tracing.AddSource(HubTelemetry.Name) : tracing).AddAzureMonitorTraceExporter(Address, credential));

        void Address(AzureMonitorExporterOptions options) => options.ConnectionString = configuration[ConnectionVariable];
    }
}
