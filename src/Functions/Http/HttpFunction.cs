using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Http;

/// <summary>A function that answers HTTP requests, as its attributes declare it.</summary>
/// <param name="Name">Unique in the app.</param>
/// <param name="Route">Without the leading slash; its parameters in braces.</param>
/// <param name="Verbs">Lower case.</param>
/// <param name="Method">What runs.</param>
public sealed record HttpFunction(string Name, string Route, IReadOnlyList<string> Verbs, MethodInfo Method)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Those of the app itself.</summary>
    public static IEnumerable<HttpFunction> OfTheApp() => In(typeof(HttpFunction).Assembly.GetTypes());

    public static IEnumerable<HttpFunction> In(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(Declared)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
        where trigger is not null
        select new HttpFunction(function.Name, (trigger.Route ?? function.Name).Trim('/'), trigger.Methods ?? [], method);
}
