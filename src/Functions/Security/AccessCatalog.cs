using System.Collections.Frozen;
using System.Reflection;
using Headgate.Core.Validation;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Security;

/// <summary>Which rule guards which HTTP function, by the function's name. Read once from the function classes.</summary>
public sealed class AccessCatalog
{
    private readonly FrozenDictionary<string, Entry> _entries;

    /// <exception cref="InvalidOperationException">A function is unguarded, guarded twice or writes without an audit; lists every such one.</exception>
    public AccessCatalog(IEnumerable<HttpFunction> functions)
    {
        var problems = new Problems();
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var (name, route, verbs, method) in functions)
        {
            var found = method.GetCustomAttributes<AccessRuleAttribute>().ToList();
            var audits = method.GetCustomAttribute<AuditsAttribute>();
            if (found.Count != 1)
                problems.Add(name, $"must carry exactly one access attribute, not {found.Count}");
            else if (RouteValueOf(found[0]) is { } value && !route.Contains($"{{{value}}}", StringComparison.Ordinal))
                problems.Add(name, $"must have {{{value}}} in its route '{route}'");
            else if ((audits is not null) != WritesForOperators(found[0], verbs))
                problems.Add(name, audits is null ? "writes for operators and must say what it audits" : "must not say what it audits: it writes nothing for operators");
            else if (!entries.TryAdd(name, new Entry(found[0], audits)))
                problems.Add(name, "is the name of two functions");
        }

        if (problems.Any)
            throw new InvalidOperationException($"Functions cannot be guarded:\n{problems}");
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Of the function app itself.</summary>
    public static AccessCatalog OfTheApp() => new(HttpFunction.OfTheApp());

    /// <summary>Null where the function is unknown, which means no.</summary>
    public Entry? Find(string functionName) => _entries.GetValueOrDefault(functionName);

    private static bool WritesForOperators(AccessRuleAttribute rule, IReadOnlyList<string> verbs) =>
        rule is not (PublicAttribute or AgentOnlyAttribute) && !(verbs.Count > 0 && verbs.All(verb => verb is "get" or "head"));

    private static string? RouteValueOf(AccessRuleAttribute rule) => rule switch
    {
        AccessAttribute => "tenantId",
        AgentOnlyAttribute => "agentId",
        _ => null,
    };

    /// <param name="Rule">Who may call.</param>
    /// <param name="Audits">What an audit says of it; null where it writes nothing for operators.</param>
    public sealed record Entry(AccessRuleAttribute Rule, AuditsAttribute? Audits);
}
