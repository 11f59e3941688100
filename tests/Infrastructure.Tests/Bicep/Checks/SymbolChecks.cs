using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>What is named is declared, once; what is declared is used.</summary>
internal static class SymbolChecks
{
    private static readonly HashSet<string> BuiltInTypes = new(StringComparer.Ordinal) { "string", "int", "bool" };

    /// <summary>Functions of the language that these files may call, with how few and how many arguments they take.</summary>
    private static readonly Dictionary<string, (int Fewest, int Most)> BuiltInFunctions = new(StringComparer.Ordinal)
    {
        ["bool"] = (1, 1),
        ["cidrSubnet"] = (3, 3),
        ["contains"] = (2, 2),
        ["empty"] = (1, 1),
        ["environment"] = (0, 0),
        ["filter"] = (2, 2),
        ["guid"] = (1, 99),
        ["items"] = (1, 1),
        ["join"] = (2, 2),
        ["loadJsonContent"] = (1, 2),
        ["loadTextContent"] = (1, 2),
        ["map"] = (2, 2),
        ["max"] = (1, 99),
        ["readEnvironmentVariable"] = (1, 2),
        ["resourceGroup"] = (0, 0),
        ["split"] = (2, 2),
        ["string"] = (1, 1),
        ["subscription"] = (0, 0),
        ["subscriptionResourceId"] = (2, 99),
        ["tenant"] = (0, 0),
        ["union"] = (1, 99),
        ["uniqueString"] = (1, 99),
    };

    public static IEnumerable<Problem> Of(BicepFile file) => Undeclared(file).Concat(Calls(file)).Concat(UnknownTypes(file)).Concat(Twice(file)).Concat(Unused(file));

    private static IEnumerable<Problem> Undeclared(BicepFile file) =>
        from place in Names.Places(file)
        let name = place.Expression as NameExpression
        where name is not null && !place.Locals.Contains(name.Name) && file.Find(name.Name) is null or Function or TypeDeclaration
        select new Problem(file.Path, name.Line, "undeclared-symbol", $"'{name.Name}' is not declared");

    private static IEnumerable<Problem> Calls(BicepFile file)
    {
        foreach (var call in Names.Places(file).Select(place => place.Expression).OfType<CallExpression>())
        {
            var declared = file.Find(call.Function);
            if (declared is Function function && function.Parameters.Count != call.Arguments.Count)
                yield return new Problem(file.Path, call.Line, "wrong-arguments", $"'{call.Function}' takes {function.Parameters.Count} arguments, not {call.Arguments.Count}");
            else if (declared is null && !BuiltInFunctions.ContainsKey(call.Function))
                yield return new Problem(file.Path, call.Line, "unknown-function", $"'{call.Function}' is no function that is known here");
            else if (declared is null && BuiltInFunctions[call.Function] is var (fewest, most) && (call.Arguments.Count < fewest || call.Arguments.Count > most))
                yield return new Problem(file.Path, call.Line, "wrong-arguments", $"'{call.Function}' takes {fewest} to {most} arguments, not {call.Arguments.Count}");
            else if (declared is not null and not Function and not Import)
                yield return new Problem(file.Path, call.Line, "unknown-function", $"'{call.Function}' is no function");
        }
    }

    private static IEnumerable<Problem> UnknownTypes(BicepFile file) =>
        from declaration in file.Declarations
        from type in Names.TypeNames(declaration)
        where !BuiltInTypes.Contains(type.Name) && file.Find(type.Name) is not (TypeDeclaration or Import)
        select new Problem(file.Path, type.Line, "unknown-type", $"'{type.Name}' is no type that is declared here, or says nothing");

    private static IEnumerable<Problem> Twice(BicepFile file) =>
        from declaration in file.Declarations
        group declaration by (declaration.Name, declaration is Output) into same
        where same.Count() > 1
        select new Problem(file.Path, same.Last().Line, "declared-twice", $"'{same.Key.Name}' is declared twice");

    private static IEnumerable<Problem> Unused(BicepFile file)
    {
        var used = Names.Places(file).Select(place => place.Expression switch
        {
            NameExpression name when !place.Locals.Contains(name.Name) => name.Name,
            CallExpression call => call.Function,
            _ => "",
        }).Concat(file.Declarations.SelectMany(Names.TypeNames).Select(type => type.Name)).ToHashSet(StringComparer.Ordinal);

        return file.Declarations
            .Where(declaration => declaration is Parameter or Variable or Import or Function or TypeDeclaration or Resource { IsExisting: true })
            .Where(declaration => !declaration.Has("export") && !used.Contains(declaration.Name))
            .Select(declaration => new Problem(file.Path, declaration.Line, "unused", $"'{declaration.Name}' is declared and not used"));
    }
}
