using System.Reflection;
using Headgate.LocalHost.Invocation;

namespace Headgate.LocalHost.Discovery;

/// <summary>Calls a function's method with its arguments and returns what it returned, awaited.</summary>
internal delegate ValueTask<object?> FunctionBody(LocalFunctionContext context);

/// <summary>A function that was found, ready to be called.</summary>
internal sealed class FunctionEntry(string name, Trigger trigger, MethodInfo method, FunctionBody body)
{
    public string Name { get; } = name;

    public Trigger Trigger { get; } = trigger;

    public FunctionBody Body { get; } = body;

    public LocalFunctionDefinition Definition { get; } = new(name, method);
}
