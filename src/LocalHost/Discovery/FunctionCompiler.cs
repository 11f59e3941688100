using System.Linq.Expressions;
using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Invocation;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Compiles a function's method into one delegate, so that a call costs no reflection.</summary>
internal static class FunctionCompiler
{
    /// <summary>Null, with problems, where a parameter or the result cannot be bound.</summary>
    public static FunctionBody? Compile(string function, MethodInfo method, Trigger trigger, ParameterInfo triggerParameter, Problems problems)
    {
        var before = problems.Count;
        var context = Expression.Parameter(typeof(LocalFunctionContext), "context");
        var binder = new ParameterBinder(function, trigger, triggerParameter, context, problems);
        var arguments = method.GetParameters().Select(binder.Bind).ToArray();
        if (trigger is Trigger.Http && !HttpResults.IsHttpResult(method.ReturnType))
            problems.Add(function, $"an HTTP function returns Task<IActionResult>, not {method.ReturnType}");
        if (problems.Count > before)
            return null;

        var call = Expression.Call(Instance(method, context), method, arguments);
        var (task, result) = ResultReader.Of(call);
        return new FunctionBody(Expression.Lambda<Func<LocalFunctionContext, Task>>(task, context).Compile(), result);
    }

    /// <summary>A new instance of the class for every call, made from the services.</summary>
    private static MethodCallExpression? Instance(MethodInfo method, Expression context)
    {
        if (method.IsStatic)
            return null;
        var make = typeof(FunctionCompiler).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(method.DeclaringType!);
        var factory = typeof(ActivatorUtilities).GetMethod(nameof(ActivatorUtilities.CreateFactory), 1, [typeof(Type[])])!
            .MakeGenericMethod(method.DeclaringType!)
            .Invoke(null, [Type.EmptyTypes]);
        return Expression.Call(make, Expression.Constant(factory), context);
    }

    private static T Make<T>(ObjectFactory<T> factory, LocalFunctionContext context) => factory(context.InstanceServices, []);
}
