using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>Everything declared says what it is, and every parameter says what it may be.</summary>
internal static class FormChecks
{
    public static IEnumerable<Problem> Of(BicepFile file) => Undescribed(file).Concat(Unbounded(file));

    private static IEnumerable<Problem> Undescribed(BicepFile file) =>
        file.Declarations
            .Where(declaration => declaration is Parameter or Variable or Output or TypeDeclaration or Function)
            .Where(declaration => string.IsNullOrWhiteSpace(declaration.Description))
            .Select(declaration => new Problem(file.Path, declaration.Line, "undescribed", $"'{declaration.Name}' has no description"))
            .Concat(
                from declaration in file.All<TypeDeclaration>()
                from property in Properties(declaration.Type)
                where property.Decorators.All(decorator => decorator.Function != "description")
                select new Problem(file.Path, property.Line, "undescribed", $"'{declaration.Name}.{property.Name}' has no description"));

    private static IEnumerable<Problem> Unbounded(BicepFile file) =>
        file.All<Parameter>().Where(parameter => !IsBounded(parameter))
            .Select(parameter => new Problem(file.Path, parameter.Line, "unbounded", $"'{parameter.Name}' has no bounds"));

    private static bool IsBounded(Parameter parameter) => parameter.Type switch
    {
        NamedType { Name: "string" } => parameter.Has("minLength") || parameter.Has("maxLength") || parameter.Has("allowed"),
        NamedType { Name: "int" } => (parameter.Has("minValue") && parameter.Has("maxValue")) || parameter.Has("allowed"),
        ArrayType => parameter.Has("minLength") || parameter.Has("maxLength"),
        _ => true,
    };

    private static IEnumerable<TypeProperty> Properties(TypeSyntax type) =>
        type is ObjectType shape ? shape.Properties.SelectMany(property => Properties(property.Type).Prepend(property)) : [];
}
