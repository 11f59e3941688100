using System.Reflection;
using Headgate.LocalHost.Invocation;

namespace Headgate.LocalHost.Discovery;

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

    public LocalFunctionDefinition Definition { get; } = new(name, method);
}
