using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

// The isolated worker: the Functions host starts this process and sends it what the triggers of this project ask for.
// (Compiled with the published packages only; see AzurePackages in the solution's README.)
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();
