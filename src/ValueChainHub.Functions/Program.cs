using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Telemetry;

// The isolated worker: the Functions host starts this process and sends it what the triggers of this project ask for.
// (Compiled with the published packages only; docs/adr/0009.)
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddValueChainHub(builder.Configuration, LocalPlugs.Plugs);
builder.Logging.AddHubFilter();
builder.Build().Run();
