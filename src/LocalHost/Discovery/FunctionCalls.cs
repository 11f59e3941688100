using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Makes a function's method callable. By invokers: expression trees cost a service at rest 4 MB, and its start a tenth of a second.</summary>
internal static class FunctionCalls
{
    /// <summary>Null, with problems, where a parameter or the result cannot be bound.</summary>
    public static FunctionBody? Of(string function, MethodInfo method, Trigger trigger, ParameterInfo triggerParameter, Problems problems)
    {
        var before = problems.Count;
        var binder = new ParameterBinder(function, trigger, triggerParameter, problems);
        var arguments = method.GetParameters().Select(binder.Bind).ToArray();
        if (trigger is Trigger.Http && !IsHttpResult(method.ReturnType))
            problems.Add(function, $"an HTTP function returns Task<IActionResult>, not {method.ReturnType}");
        if (problems.Count > before)
            return null;

        var invoker = MethodInvoker.Create(method);
        var (asTask, result) = MethodResult.Of(method.ReturnType);
        return new FunctionBody(context => asTask(invoker.Invoke(Instance(method, context), Values(arguments, context))), result);
    }

    /// <summary>Whether it is a result that writes itself, or a task of one.</summary>
    private static bool IsHttpResult(Type type)
    {
        var awaited = type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
        return typeof(IActionResult).IsAssignableFrom(awaited);
    }

    /// <summary>A new instance of the class for every call, made from the services.</summary>
    private static object? Instance(MethodInfo method, LocalFunctionContext context) =>
        method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);

    private static Span<object?> Values(Func<LocalFunctionContext, object?>[] arguments, LocalFunctionContext context)
    {
        var values = new object?[arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = arguments[i](context);
        return values;
    }
}
