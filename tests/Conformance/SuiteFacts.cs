using Headgate.TestKit.NodePackages;

namespace Headgate.Conformance;

/// <summary>A test of a shared suite; skipped where the project says that its servers need Node, and Node is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteFactAttribute : FactAttribute
{
    public SuiteFactAttribute() => Skip = SuiteNeeds.Missing;
}

/// <inheritdoc cref="SuiteFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteTheoryAttribute : TheoryAttribute
{
    public SuiteTheoryAttribute() => Skip = SuiteNeeds.Missing;
}

internal static class SuiteNeeds
{
    /// <summary>Null where everything is there. Attributes don't know their test's project, but its settings are in the process.</summary>
    public static string? Missing { get; } =
        AppContext.TryGetSwitch("Headgate.Tests.SuitesNeedNode", out var needed) && needed ? Node.Missing : null;
}
