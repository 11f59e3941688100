using System.Collections.Immutable;
using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <summary>A file with values for its parameters: one deployment of it.</summary>
internal sealed class FileScope(BicepFile file, IReadOnlyDictionary<string, object?> given)
{
    public BicepFile File => file;

    public IReadOnlyDictionary<string, object?> Given => given;

    /// <summary>Deployments of the modules it names, once they are known.</summary>
    public Dictionary<Module, FileScope?> Modules { get; } = [];
}

/// <summary>A place in a deployment, with the values that loops, lambdas and functions bring in there.</summary>
internal sealed record Scope(FileScope File, ImmutableDictionary<string, object?> Locals)
{
    public Scope(FileScope file)
        : this(file, ImmutableDictionary<string, object?>.Empty)
    {
    }

    public Scope With(string name, object? value) => this with { Locals = Locals.SetItem(name, value) };
}

/// <summary>A lambda with the place it was written at.</summary>
internal sealed record Closure(LambdaExpression Lambda, Scope Scope);

/// <summary>A resource by its symbol; a loop's has the place of one turn.</summary>
internal sealed record ResourceValue(Resource Resource, Scope Scope);

/// <summary>A module by its symbol; null where its condition does not hold.</summary>
internal sealed record ModuleValue(FileScope? Deployment);
