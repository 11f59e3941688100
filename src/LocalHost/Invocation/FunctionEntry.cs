using System.Reflection;

namespace Headgate.LocalHost.Invocation;

/// <summary>A function's method as it is called.</summary>
/// <param name="Call">Calls the method with its arguments.</param>
/// <param name="Result">What the method returned, from its task that has ended well.</param>
internal sealed record FunctionBody(Func<LocalFunctionContext, Task> Call, Func<Task, object?> Result);

/// <summary>A function that was found, ready to be called.</summary>
internal sealed class FunctionEntry(string name, Trigger trigger, MethodInfo method, FunctionBody body)
{
    public string Name { get; } = name;

    public Trigger Trigger { get; } = trigger;

    public FunctionBody Body { get; } = body;

    /// <summary>Made anew for every call; null for a static method.</summary>
    public Type? Class { get; } = method.IsStatic ? null : method.DeclaringType;

    public LocalFunctionDefinition Definition { get; } = new(name, method);
}
