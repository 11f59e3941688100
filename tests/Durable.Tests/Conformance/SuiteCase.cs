using System.Reflection;
using Headgate.Conformance;
using Headgate.Conformance.Durable;

namespace Headgate.Durable.Tests.Conformance;

/// <summary>One case of the suite: a method and, for a theory, the values of one row.</summary>
internal sealed record SuiteCase(MethodInfo Method, object?[] Values)
{
    /// <summary>Every case by name.</summary>
    public static IReadOnlyDictionary<string, SuiteCase> All { get; } =
        typeof(DurableConformance).GetMethods().SelectMany(Of).ToDictionary(one => one.Name, StringComparer.Ordinal);

    public string Name => Values.Length == 0 ? Method.Name : $"{Method.Name}({string.Join(", ", Values)})";

    /// <returns>Why the case fails; null if it passes.</returns>
    public async Task<Exception?> RunAsync(DurableConformance suite)
    {
        try
        {
            await (Task)Method.Invoke(suite, BindingFlags.DoNotWrapExceptions, null, Values, null)!;
            return null;
        }
        catch (Exception failure)
        {
            // Any exception is the case's failure.
            return failure;
        }
    }

    private static IEnumerable<SuiteCase> Of(MethodInfo method)
    {
        if (method.IsDefined(typeof(SuiteFactAttribute)))
            return [new(method, [])];
        return method.IsDefined(typeof(SuiteTheoryAttribute))
            ? method.GetCustomAttributes<InlineDataAttribute>().SelectMany(row => row.GetData(method)).Select(values => new SuiteCase(method, values))
            : [];
    }
}
