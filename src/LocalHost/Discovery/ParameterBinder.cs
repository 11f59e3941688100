using System.Reflection;
using Headgate.Core.Validation;
using Headgate.Engine;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Says where each argument of a function comes from.</summary>
internal sealed class ParameterBinder(string function, Trigger trigger, ParameterInfo triggerParameter, Problems problems)
{
    private readonly HashSet<string> _routeValues = RouteValues(trigger);

    public Func<LocalFunctionContext, object?> Bind(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        // By place: reflection may describe a parameter by another object when several threads ask for it first.
        if (parameter.Position == triggerParameter.Position)
            return TriggerValue(parameter);
        if (parameter.IsDefined(typeof(DurableClientAttribute)) && type == typeof(DurableTaskClient))
            return static context => context.InstanceServices.GetRequiredService<DurableTaskClient>();
        if (type == typeof(FunctionContext))
            return static context => context;
        if (type == typeof(CancellationToken))
            return static context => context.CancellationToken;
        if (type == typeof(string) && _routeValues.Contains(parameter.Name!))
            return context => context.Http.Request.RouteValues[parameter.Name!] as string;
        return Refuse(parameter);
    }

    private Func<LocalFunctionContext, object?> TriggerValue(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return trigger switch
        {
            Trigger.Http when type == typeof(HttpRequest) => static context => context.Http.Request,
            Trigger.Queue when type == typeof(string) => Data,
            Trigger.Timer when type == typeof(TimerInfo) => Data,
            Trigger.Orchestration when type == typeof(TaskOrchestrationContext) => Data,
            Trigger.Activity => context => ((ActivityInvocation)context.Data!).ReadInput(type),
            _ => Refuse(parameter),
        };
    }

    private static object? Data(LocalFunctionContext context) => context.Data;

    private Func<LocalFunctionContext, object?> Refuse(ParameterInfo parameter)
    {
        problems.Add(function, $"the parameter '{parameter.Name}' of type {parameter.ParameterType.Name} cannot be bound");
        return Data;
    }

    private static HashSet<string> RouteValues(Trigger trigger) => trigger is Trigger.Http http
        ? RoutePatternFactory.Parse(http.Route).Parameters.Select(part => part.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : [];
}
