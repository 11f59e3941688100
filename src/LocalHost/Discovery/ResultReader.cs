using System.Linq.Expressions;
using System.Reflection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Makes a task of whatever a method returns, and tells how its result is read once it has ended well.</summary>
internal static class ResultReader
{
    public static (Expression Task, Func<Task, object?> Read) Of(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void))
            return (Expression.Block(call, Expression.Constant(Task.CompletedTask, typeof(Task))), Nothing);
        if (type == typeof(Task))
            return (call, Nothing);
        if (type == typeof(ValueTask))
            return (Expression.Call(call, nameof(ValueTask.AsTask), null), Nothing);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return (call, ResultOf(type));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return (Expression.Call(call, nameof(ValueTask.AsTask), null), ResultOf(type));
        return (Expression.Call(typeof(Task), nameof(Task.FromResult), [typeof(object)], Expression.Convert(call, typeof(object))), Result<object?>);
    }

    private static Func<Task, object?> ResultOf(Type type) =>
        typeof(ResultReader).GetMethod(nameof(Result), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.GetGenericArguments())
            .CreateDelegate<Func<Task, object?>>();

    private static object? Nothing(Task ended) => null;

    private static object? Result<T>(Task ended) => ((Task<T>)ended).Result;
}
