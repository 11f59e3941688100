using System.Reflection;
using Headgate.Azure;
using Headgate.Functions;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Infrastructure.Tests.Rules;

/// <summary>
/// What Flex Consumption scales by itself: all HTTP functions, all of Durable Functions, and each other function alone.
/// https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#per-function-scaling
/// </summary>
internal static class ScaleGroups
{
    public static IReadOnlyList<string> OfTheApp { get; } = ["http", "durable", .. Functions<ServiceBusTriggerAttribute>(), .. Functions<TimerTriggerAttribute>()];

    /// <summary>Schedules of the timers, as settings name them.</summary>
    public static IEnumerable<string> Schedules => Methods<TimerTriggerAttribute>().Select(each => each.Trigger.Schedule.Trim('%'));

    private static IEnumerable<string> Functions<T>()
        where T : Attribute => Methods<T>().Select(each => $"function:{each.Method.GetCustomAttribute<FunctionAttribute>()!.Name}");

    private static IEnumerable<(MethodInfo Method, T Trigger)> Methods<T>()
        where T : Attribute =>
        from type in typeof(AzureBackend).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<T>()
        where trigger is not null
        select (method, trigger);
}
