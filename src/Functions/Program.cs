using Headgate.Functions;
using Headgate.Functions.Azure;
using Headgate.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseHeadgate();
builder.Services.AddHeadgate(builder.Configuration);
builder.Services.AddAzureGround(builder.Configuration);
builder.Services.AddTelemetryExport(builder.Configuration, telemetry => telemetry.UseFunctionsWorkerDefaults());
await builder.Build().RunAsync();
