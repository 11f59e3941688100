namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>Everything that is checked without evaluating anything. No compile: types of resources are Azure's to check.</summary>
internal static class AllChecks
{
    public static IReadOnlyList<Problem> Of(BicepSources sources)
    {
        var program = new BicepProgram(sources);
        return
        [
            .. program.SyntaxProblems,
            .. program.Modules.SelectMany(file => SymbolChecks.Of(file).Concat(ModuleChecks.Of(program, file)).Concat(FormChecks.Of(file)).Concat(FactChecks.Of(file))),
            .. program.ParameterFiles.SelectMany(file => ParameterFileChecks.Of(program, file)),
            .. ModuleChecks.Orphans(program),
            .. sources.Paths.SelectMany(path => SecretChecks.Of(path, sources[path])),
        ];
    }
}
