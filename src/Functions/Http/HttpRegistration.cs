using Headgate.Functions.Http.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Functions.Http;

internal static class HttpRegistration
{
    /// <summary>What function classes share; the classes themselves are made by the host.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services) => services.AddSingleton<StatusChange>();
}
