using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Functions.Audit;

internal static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<OperatorAudit>();
}
