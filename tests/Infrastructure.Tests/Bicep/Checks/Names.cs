using System.Collections.Immutable;
using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Checks;

/// <summary>A place in a value, with the names that loops, lambdas and functions bring in there.</summary>
internal sealed record Place(Expression Expression, ImmutableHashSet<string> Locals);

/// <summary>Walks through values.</summary>
internal static class Names
{
    /// <summary>Every place in what the file declares, decorators included.</summary>
    public static IEnumerable<Place> Places(BicepFile file) => file.Declarations.SelectMany(Places);

    public static IEnumerable<Place> Places(Declaration declaration)
    {
        var locals = declaration is Function function ? function.Parameters.Select(parameter => parameter.Name).ToImmutableHashSet() : [];
        return declaration.Values.SelectMany(value => Places(value, locals))
            .Concat(declaration.Decorators.SelectMany(decorator => decorator.Arguments).SelectMany(argument => Places(argument, [])));
    }

    public static IEnumerable<Place> Places(Expression expression, ImmutableHashSet<string> locals)
    {
        yield return new Place(expression, locals);
        foreach (var child in expression.Children)
        {
            foreach (var place in Places(child, Inside(expression, child, locals)))
                yield return place;
        }
    }

    /// <summary>Every name of a type that the declaration uses.</summary>
    public static IEnumerable<NamedType> TypeNames(Declaration declaration) => declaration.Types.SelectMany(TypeNames);

    private static IEnumerable<NamedType> TypeNames(TypeSyntax type) => type switch
    {
        NamedType named => [named],
        UnionType union => union.Members.SelectMany(TypeNames),
        ArrayType array => TypeNames(array.Item),
        NullableType nullable => TypeNames(nullable.Inner),
        ObjectType properties => properties.Properties.SelectMany(property => TypeNames(property.Type)),
        _ => [],
    };

    private static ImmutableHashSet<string> Inside(Expression expression, Expression child, ImmutableHashSet<string> locals) => expression switch
    {
        LambdaExpression lambda => locals.Union(lambda.Parameters),
        LoopExpression loop when ReferenceEquals(child, loop.Body) => loop.Index is null ? locals.Add(loop.Item) : locals.Add(loop.Item).Add(loop.Index),
        _ => locals,
    };
}
