using Headgate.Functions.Security.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Functions.Security;

internal static class SecurityRegistration
{
    /// <summary>Another kind of credential joins as one more <see cref="ICredentialVerifier"/>.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton(AccessCatalog.OfTheApp())
        .AddSingleton<KeyStore>()
        .AddSingleton<ICredentialVerifier, ApiKeyVerifier>()
        .AddSingleton<CredentialChain>();
}
