using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>Files fit together: modules and imports exist, get exactly their parameters, and have the outputs that are asked of them.</summary>
internal static class ModuleChecks
{
    private static readonly string[] BodyProperties = ["scope", "params", "dependsOn"];

    public static IEnumerable<Problem> Of(BicepProgram program, BicepFile file) =>
        file.All<Module>().SelectMany(module => Module(program, file, module))
            .Concat(file.All<Import>().SelectMany(import => Import(program, file, import)))
            .Concat(ImportedCalls(program, file))
            .Concat(Members(program, file));

    /// <summary>Files that nothing deploys or imports, other than the one the files of parameters are for.</summary>
    public static IEnumerable<Problem> Orphans(BicepProgram program)
    {
        var reached = program.Files
            .SelectMany(file => file.All<Module>().Select(module => module.Path).Concat(file.All<Import>().Select(import => import.Path)).Append(file.Using ?? "")
                .Select(path => BicepSources.Resolve(file.Path, path)))
            .ToHashSet(StringComparer.Ordinal);
        return program.Modules.Where(file => !reached.Contains(file.Path)).Select(file => new Problem(file.Path, 1, "orphan", "nothing uses this file"));
    }

    private static IEnumerable<Problem> Module(BicepProgram program, BicepFile file, Module module)
    {
        if (program.Find(file, module.Path) is not { } target)
            return [new Problem(file.Path, module.Line, "unknown-module", $"there is no '{module.Path}'")];

        var given = (module.Body["params"] as ObjectExpression)?.Properties ?? [];
        var known = target.All<Parameter>().ToList();
        return module.Body.Properties
            .Where(property => !BodyProperties.Contains(property.Name))
            .Select(property => new Problem(file.Path, property.Line, "unknown-property", $"a module has no '{property.Name}'"))
            .Concat(given
                .Where(property => !known.Exists(parameter => parameter.Name == property.Name))
                .Select(property => new Problem(file.Path, property.Line, "unknown-parameter", $"'{module.Path}' has no parameter '{property.Name}'")))
            .Concat(known
                .Where(parameter => parameter.IsRequired && given.All(property => property.Name != parameter.Name))
                .Select(parameter => new Problem(file.Path, module.Line, "missing-parameter", $"'{module.Path}' needs the parameter '{parameter.Name}'")))
            .Concat(target.Scope != file.Scope && module.Body["scope"] is null
                ? [new Problem(file.Path, module.Line, "missing-scope", $"'{module.Path}' is deployed to a {target.Scope}")]
                : []);
    }

    private static IEnumerable<Problem> Import(BicepProgram program, BicepFile file, Import import)
    {
        if (program.Find(file, import.Path) is not { } target)
            yield return new Problem(file.Path, import.Line, "unknown-module", $"there is no '{import.Path}'");
        else if (target.Find(import.Exported)?.Has("export") is not true)
            yield return new Problem(file.Path, import.Line, "unknown-import", $"'{import.Path}' exports no '{import.Exported}'");
    }

    private static IEnumerable<Problem> ImportedCalls(BicepProgram program, BicepFile file) =>
        from call in Names.Places(file).Select(place => place.Expression).OfType<CallExpression>()
        let import = file.Find(call.Function) as Import
        where import is not null
        let function = program.Find(file, import.Path)?.Find(import.Exported) as Function
        where function is null || function.Parameters.Count != call.Arguments.Count
        select new Problem(file.Path, call.Line, "wrong-arguments", $"'{call.Function}' does not take {call.Arguments.Count} arguments");

    private static IEnumerable<Problem> Members(BicepProgram program, BicepFile file)
    {
        foreach (var (expression, locals) in Names.Places(file))
        {
            if (expression is not MemberExpression member || Root(member.Target) is not { } target || locals.Contains(target.Name))
                continue;
            var declared = file.Find(target.Name);
            if (declared is Variable { Value: ObjectExpression value } && value.Properties.All(property => property.Name is not null) && value[member.Member] is null)
                yield return new Problem(file.Path, member.Line, "unknown-member", $"'{target.Name}' has no '{member.Member}'");
            else if (declared is Module && member.Member is not ("outputs" or "name"))
                yield return new Problem(file.Path, member.Line, "unknown-member", $"a module has no '{member.Member}'");
        }

        foreach (var output in Names.Places(file).Select(place => place.Expression).OfType<MemberExpression>())
        {
            if (output.Target is MemberExpression { Member: "outputs" } outputs && Root(outputs.Target) is { } name && file.Find(name.Name) is Module module
                && program.Find(file, module.Path) is { } target && target.All<Output>().All(each => each.Name != output.Member))
            {
                yield return new Problem(file.Path, output.Line, "unknown-output", $"'{module.Path}' has no output '{output.Member}'");
            }
        }
    }

    private static NameExpression? Root(Expression expression) => expression switch
    {
        NameExpression name => name,
        AssertedExpression asserted => Root(asserted.Operand),
        IndexExpression index => Root(index.Target),
        _ => null,
    };
}
