using Headgate.Functions;
using Headgate.Functions.Azure;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseHeadgate();
builder.Services.AddHeadgate(builder.Configuration);
builder.Services.AddAzureGround(builder.Configuration);
await builder.Build().RunAsync();
