using System.Collections.Frozen;
using System.Reflection;
using Headgate.Core.Validation;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Security;

/// <summary>Which rule guards which HTTP function, by the function's name. Read once from the function classes.</summary>
public sealed class AccessCatalog
{
    private readonly FrozenDictionary<string, Entry> _entries;

    /// <exception cref="InvalidOperationException">A function is unguarded or guarded twice; lists every such one.</exception>
    public AccessCatalog(IEnumerable<Type> types)
    {
        var problems = new Problems();
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var (method, name, route) in HttpFunctions(types))
        {
            var found = method.GetCustomAttributes<AccessRuleAttribute>().ToList();
            if (found.Count != 1)
                problems.Add(name, $"must carry exactly one access attribute, not {found.Count}");
            else if (RouteValueOf(found[0]) is { } value && !route.Contains($"{{{value}}}", StringComparison.Ordinal))
                problems.Add(name, $"must have {{{value}}} in its route '{route}'");
            else if (!entries.TryAdd(name, new Entry(found[0], method.IsDefined(typeof(AuditsItselfAttribute)))))
                problems.Add(name, "is the name of two functions");
        }

        if (problems.Any)
            throw new InvalidOperationException($"Functions cannot be guarded:\n{problems}");
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Of the function app itself.</summary>
    public static AccessCatalog OfTheApp() => new(typeof(AccessCatalog).Assembly.GetTypes());

    /// <summary>Null where the function is unknown, which means no.</summary>
    public Entry? Find(string functionName) => _entries.GetValueOrDefault(functionName);

    private static string? RouteValueOf(AccessRuleAttribute rule) => rule switch
    {
        AccessAttribute => "tenantId",
        AgentOnlyAttribute => "agentId",
        _ => null,
    };

    private static IEnumerable<(MethodInfo Method, string Name, string Route)> HttpFunctions(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
        where trigger is not null
        select (method, function.Name, trigger.Route ?? function.Name);

    /// <param name="Rule">Who may call.</param>
    /// <param name="AuditsItself">Whether the function writes its own audit row.</param>
    public sealed record Entry(AccessRuleAttribute Rule, bool AuditsItself);
}
