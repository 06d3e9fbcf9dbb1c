using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

// The isolated worker: the Functions host starts this process and sends it what the triggers of this project ask for.
// (Compiled with the published packages only; docs/adr/0009.)
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// The hub is added here, before Build, with Hosting's AddValueChainHub(builder.Configuration, ...).
builder.Build().Run();
