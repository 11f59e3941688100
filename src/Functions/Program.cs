using Headgate.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseHeadgate();
builder.Services.AddHeadgate(builder.Configuration);
await builder.Build().RunAsync();
