using System.Linq.Expressions;
using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.LocalHost.Discovery;

/// <summary>Says where each argument of a function comes from, as an expression over the invocation's context.</summary>
internal sealed class ParameterBinder(string function, Trigger trigger, ParameterInfo triggerParameter, ParameterExpression context, Problems problems)
{
    private readonly HashSet<string> _routeValues = RouteValues(trigger);

    public Expression Bind(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        // By place: reflection may describe a parameter by another object when several threads ask for it first.
        if (parameter.Position == triggerParameter.Position)
            return TriggerValue(parameter);
        if (parameter.IsDefined(typeof(DurableClientAttribute)) && type == typeof(DurableTaskClient))
            return Call(nameof(LocalFunctionContext.Service), type);
        if (type == typeof(FunctionContext))
            return Expression.Convert(context, type);
        if (type == typeof(CancellationToken))
            return Expression.Property(context, nameof(LocalFunctionContext.CancellationToken));
        if (type == typeof(string) && _routeValues.Contains(parameter.Name!))
            return Expression.Call(context, nameof(LocalFunctionContext.RouteValue), null, Expression.Constant(parameter.Name));
        return Refuse(parameter);
    }

    private Expression TriggerValue(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return trigger switch
        {
            Trigger.Http when type == typeof(HttpRequest) =>
                Expression.Property(Expression.Property(context, nameof(LocalFunctionContext.Http)), nameof(HttpContext.Request)),
            Trigger.Queue when type == typeof(string) => Call(nameof(LocalFunctionContext.Data), type),
            Trigger.Timer when type == typeof(TimerInfo) => Call(nameof(LocalFunctionContext.Data), type),
            Trigger.Orchestration when type == typeof(TaskOrchestrationContext) => Call(nameof(LocalFunctionContext.Data), type),
            Trigger.Activity => Call(nameof(LocalFunctionContext.Input), type),
            _ => Refuse(parameter),
        };
    }

    private MethodCallExpression Call(string method, Type type) => Expression.Call(context, method, [type]);

    private DefaultExpression Refuse(ParameterInfo parameter)
    {
        problems.Add(function, $"the parameter '{parameter.Name}' of type {parameter.ParameterType.Name} cannot be bound");
        return Expression.Default(parameter.ParameterType);
    }

    private static HashSet<string> RouteValues(Trigger trigger) => trigger is Trigger.Http http
        ? RoutePatternFactory.Parse(http.Route).Parameters.Select(part => part.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : [];
}
