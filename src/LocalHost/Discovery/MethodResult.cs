using System.Reflection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Makes a task of whatever a method returned, and tells how its result is read once it has ended well.</summary>
internal static class MethodResult
{
    public static (Func<object?, Task> AsTask, Func<Task, object?> Read) Of(Type type)
    {
        if (type == typeof(void))
            return (static _ => Task.CompletedTask, Nothing);
        if (type == typeof(Task))
            return (static returned => (Task)returned!, Nothing);
        if (type == typeof(ValueTask))
            return (static returned => ((ValueTask)returned!).AsTask(), Nothing);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return (static returned => (Task)returned!, Generic<Func<Task, object?>>(nameof(Result), type));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return (Generic<Func<object?, Task>>(nameof(AsTask), type), Generic<Func<Task, object?>>(nameof(Result), type));
        return (static returned => Task.FromResult(returned), Result<object?>);
    }

    private static T Generic<T>(string method, Type task)
        where T : Delegate =>
        typeof(MethodResult).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(task.GetGenericArguments()).CreateDelegate<T>();

    private static Task<T> AsTask<T>(object? returned) => ((ValueTask<T>)returned!).AsTask();

    private static object? Nothing(Task ended) => null;

    private static object? Result<T>(Task ended) => ((Task<T>)ended).Result;
}
