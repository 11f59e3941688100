using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>A file of parameters gives its file what it needs, nothing else, and no secret in clear.</summary>
internal static class ParameterFileChecks
{
    public static IEnumerable<Problem> Of(BicepProgram program, BicepFile file)
    {
        if (program.Find(file, file.Using!) is not { } target)
            return [new Problem(file.Path, 1, "unknown-module", $"there is no '{file.Using}'")];

        var given = file.All<Assignment>().ToList();
        var known = target.All<Parameter>().ToList();
        return given
            .Where(assignment => !known.Exists(parameter => parameter.Name == assignment.Name))
            .Select(assignment => new Problem(file.Path, assignment.Line, "unknown-parameter", $"'{file.Using}' has no parameter '{assignment.Name}'"))
            .Concat(known
                .Where(parameter => parameter.IsRequired && !given.Exists(assignment => assignment.Name == parameter.Name))
                .Select(parameter => new Problem(file.Path, 1, "missing-parameter", $"'{file.Using}' needs the parameter '{parameter.Name}'")))
            .Concat(given
                .Where(assignment => known.Exists(parameter => parameter.Name == assignment.Name && parameter.Has("secure"))
                    && assignment.Value is not CallExpression { Function: "readEnvironmentVariable" })
                .Select(assignment => new Problem(file.Path, assignment.Line, "secret", $"'{assignment.Name}' is secret and may only come from the environment")))
            .Concat(SymbolChecks.Of(file));
    }
}
