namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
