using System.Linq.Expressions;
using System.Reflection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Turns whatever a method returns into an awaited object.</summary>
internal static class ResultAwaiter
{
    public static Expression Await(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void))
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        if (type == typeof(Task))
            return Expression.Call(Method(nameof(OfTask)), call);
        if (type == typeof(ValueTask))
            return Expression.Call(Method(nameof(OfValueTask)), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Expression.Call(Method(nameof(OfTaskResult)).MakeGenericMethod(type.GetGenericArguments()), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Expression.Call(Method(nameof(OfValueTaskResult)).MakeGenericMethod(type.GetGenericArguments()), call);
        return Expression.New(
            typeof(ValueTask<object?>).GetConstructor([typeof(object)])!,
            Expression.Convert(call, typeof(object)));
    }

    private static MethodInfo Method(string name) =>
        typeof(ResultAwaiter).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static ValueTask<object?> OfTask(Task task) =>
        task.IsCompletedSuccessfully ? default : Slow(new ValueTask(task));

    private static ValueTask<object?> OfValueTask(ValueTask task) =>
        task.IsCompletedSuccessfully ? default : Slow(task);

    private static ValueTask<object?> OfTaskResult<T>(Task<T> task) =>
        task.IsCompletedSuccessfully ? new ValueTask<object?>(task.Result) : Slow(new ValueTask<T>(task));

    private static ValueTask<object?> OfValueTaskResult<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? new ValueTask<object?>(task.Result) : Slow(task);

    private static async ValueTask<object?> Slow(ValueTask task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> Slow<T>(ValueTask<T> task) => await task;
}
