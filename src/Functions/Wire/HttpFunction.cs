using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Wire;

/// <summary>A function that answers HTTP requests, as its attributes declare it.</summary>
/// <param name="Name">Unique in the app.</param>
/// <param name="Route">Without the leading slash; its parameters in braces.</param>
/// <param name="Verbs">Lower case; empty: all of them.</param>
/// <param name="Method">What runs.</param>
public sealed record HttpFunction(string Name, string Route, IReadOnlyList<string> Verbs, MethodInfo Method)
{
    /// <summary>How the part of a route begins that takes whatever is left of a path.</summary>
    public const string CatchAll = "{*";

    /// <summary>Whether it answers every path, or every one below a folder, and so is no call of the contract.</summary>
    public bool AnswersTheRest => Route.Contains(CatchAll, StringComparison.Ordinal);

    /// <summary>
    /// The methods that are calls of the contract. HEAD is none: it stands wherever GET does, and asks for the same answer without its body.
    /// </summary>
    public IEnumerable<string> CalledBy => Verbs.Where(verb => verb != "head");

    /// <summary>As callers write it: with the leading slash, and without parts that may be left out.</summary>
    public string Path => '/' + string.Join('/', Route.Split('/').Where(part => !part.EndsWith("?}", StringComparison.Ordinal)));

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
