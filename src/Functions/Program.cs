using Headgate.Azure;
using Headgate.Core.Validation;
using Headgate.Functions;
using Headgate.Functions.Api;
using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.Services.Configure<KestrelServerOptions>(static server => server.AddServerHeader = false);
    builder.UseMiddleware<EdgeMiddleware>();
    builder.UseHeadgate();
    var problems = new Problems();
    builder.Services.AddHeadgate(builder.Configuration, problems);
    builder.Services.AddAzureBackend(builder.Configuration, problems);
    if (problems.Any)
        throw new InvalidSettingsException(problems);
    builder.Services.AddTelemetryExport(builder.Configuration, telemetry => telemetry.UseFunctionsWorkerDefaults());
    await builder.Build().RunAsync();
    return 0;
}
catch (InvalidSettingsException refused)
{
    refused.WriteTo(Console.Error);
    return 1;
}
