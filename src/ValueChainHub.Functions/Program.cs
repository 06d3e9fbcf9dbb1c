using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using ValueChainHub.Functions;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Hosting.Telemetry;

// The isolated worker: the Functions host starts this process and sends it what the triggers of this project ask for.
// (Compiled with the published packages only; docs/adr/0009.)
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// Azure's own services, unless a setting says otherwise; below every other source, so that any of them wins.
builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Hub:Store", "cosmos"), new("Hub:Bus", "servicebus")] });
builder.Services.AddValueChainHub(builder.Configuration, LocalPlugs.Plugs);
builder.Services.AddHostedService<WarmUp>();
builder.Services.AddHostedService<LastRuns>();

// Time for what is running to end by itself. What does not end is done again by whoever is woken next.
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
builder.Logging.AddHubFilter();

// The hub's own spans and metrics go out as in the other head; the worker's spans, which tie them to the platform's invocation, go the same way.
var (toCollector, toInsights) = (TelemetryExport.IsWanted(builder.Configuration), InsightsExport.IsWanted(builder.Configuration));
if (toCollector || toInsights)
    builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
if (toCollector)
    builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddOtlpExporter());
if (toInsights)
    builder.Services.AddInsightsExport(builder.Configuration, withHubSpans: !toCollector);

builder.Build().Run();
