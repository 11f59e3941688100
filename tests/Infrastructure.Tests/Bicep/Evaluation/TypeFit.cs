using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <summary>Whether a value is one of a type, and within the bounds of its parameter.</summary>
internal sealed class TypeFit(BicepProgram program)
{
    /// <returns>What is wrong; null where nothing is.</returns>
    public string? Misfit(Parameter parameter, object? value, BicepFile file) =>
        Misfit(parameter.Type, value, file, parameter.Name) ?? (value is null ? null : OutOfBounds(parameter, value));

    private string? Misfit(TypeSyntax type, object? value, BicepFile file, string path) => type switch
    {
        _ when value is Unknown => null,
        NullableType nullable => value is null ? null : Misfit(nullable.Inner, value, file, path),
        LiteralType literal => Equals(literal.Value, value) ? null : $"{path} is '{value}', not '{literal.Value}'",
        UnionType union => union.Members.Any(member => Misfit(member, value, file, path) is null) ? null : $"{path} may not be '{value}'",
        ArrayType array when value is List<object?> items => items.Select((item, i) => Misfit(array.Item, item, file, $"{path}[{i}]")).FirstOrDefault(wrong => wrong is not null),
        ObjectType shape when value is Dictionary<string, object?> properties => Misfit(shape, properties, file, path),
        NamedType { Name: "string" } => value is string ? null : $"{path} is no string",
        NamedType { Name: "int" } => value is long ? null : $"{path} is no int",
        NamedType { Name: "bool" } => value is bool ? null : $"{path} is no bool",
        NamedType named when Declared(named, file) is { } found => Misfit(found.Type.Type, value, found.File, path),
        _ => $"{path} does not fit its type",
    };

    private string? Misfit(ObjectType shape, Dictionary<string, object?> properties, BicepFile file, string path)
    {
        var rest = shape.Properties.FirstOrDefault(property => property.Name == "*");
        foreach (var property in shape.Properties.Where(property => property.Name != "*"))
        {
            if (Misfit(property.Type, properties.GetValueOrDefault(property.Name), file, $"{path}.{property.Name}") is { } wrong)
                return wrong;
        }

        foreach (var (name, value) in properties.Where(pair => shape.Properties.All(property => property.Name != pair.Key)))
        {
            if ((rest is null ? $"{path} has no '{name}'" : Misfit(rest.Type, value, file, $"{path}.{name}")) is { } wrong)
                return wrong;
        }

        return null;
    }

    private (TypeDeclaration Type, BicepFile File)? Declared(NamedType named, BicepFile file) => file.Find(named.Name) switch
    {
        TypeDeclaration type => (type, file),
        Import import when program.Find(file, import.Path) is { } other && other.Find(import.Exported) is TypeDeclaration type => (type, other),
        _ => null,
    };

    private static string? OutOfBounds(Parameter parameter, object value)
    {
        long? size = value switch
        {
            string text => text.Length,
            List<object?> items => items.Count,
            _ => null,
        };
        if (size is not null && (size < Bound(parameter, "minLength", long.MinValue) || size > Bound(parameter, "maxLength", long.MaxValue)))
            return $"{parameter.Name} has a length of {size}, out of bounds";
        if (value is long number && (number < Bound(parameter, "minValue", long.MinValue) || number > Bound(parameter, "maxValue", long.MaxValue)))
            return $"{parameter.Name} is {number}, out of bounds";
        return null;
    }

    private static long Bound(Parameter parameter, string decorator, long none) =>
        parameter.Decorators.FirstOrDefault(each => each.Function == decorator)?.Arguments[0] switch
        {
            LiteralExpression { Value: long bound } => bound,
            UnaryExpression { Operator: "-", Operand: LiteralExpression { Value: long bound } } => -bound,
            _ => none,
        };
}
