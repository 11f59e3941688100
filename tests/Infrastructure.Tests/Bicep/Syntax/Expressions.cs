namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>A value as written.</summary>
internal abstract record Expression(int Line)
{
    /// <summary>What it is made of, in order.</summary>
    public virtual IEnumerable<Expression> Children => [];
}

/// <param name="Parts">Literal parts and holes in turn; a text without holes is one <see cref="LiteralExpression"/>.</param>
internal sealed record TextExpression(int Line, IReadOnlyList<Expression> Parts) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Parts;
}

/// <param name="Value">A string, a long, a bool or null.</param>
internal sealed record LiteralExpression(int Line, object? Value) : Expression(Line);

internal sealed record NameExpression(int Line, string Name) : Expression(Line);

/// <param name="IsSafe"><c>.?</c></param>
internal sealed record MemberExpression(int Line, Expression Target, string Member, bool IsSafe) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Target];
}

/// <param name="IsSafe"><c>[?</c></param>
internal sealed record IndexExpression(int Line, Expression Target, Expression Index, bool IsSafe) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Target, Index];
}

internal sealed record CallExpression(int Line, string Function, IReadOnlyList<Expression> Arguments) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Arguments;
}

internal sealed record UnaryExpression(int Line, string Operator, Expression Operand) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Operand];
}

internal sealed record BinaryExpression(int Line, string Operator, Expression Left, Expression Right) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Left, Right];
}

internal sealed record ChoiceExpression(int Line, Expression Condition, Expression Yes, Expression No) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Condition, Yes, No];
}

/// <summary><c>x!</c>: the writer knows that it is not null.</summary>
internal sealed record AssertedExpression(int Line, Expression Operand) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Operand];
}

/// <param name="Key">Null where <paramref name="Value"/> is spread into the object.</param>
internal sealed record Property(int Line, Expression? Key, Expression Value)
{
    /// <summary>The key where it is a plain text.</summary>
    public string? Name => Key is LiteralExpression { Value: string name } ? name : null;
}

internal sealed record ObjectExpression(int Line, IReadOnlyList<Property> Properties) : Expression(Line)
{
    public override IEnumerable<Expression> Children =>
        Properties.SelectMany(property => property.Key is null ? [property.Value] : new[] { property.Key, property.Value });

    public Expression? this[string name] => Properties.FirstOrDefault(property => property.Name == name)?.Value;
}

internal sealed record ArrayExpression(int Line, IReadOnlyList<Expression> Items) : Expression(Line)
{
    public override IEnumerable<Expression> Children => Items;
}

internal sealed record LambdaExpression(int Line, IReadOnlyList<string> Parameters, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Body];
}

/// <summary><c>[for item in source: body]</c>, or with an index <c>[for (item, i) in …]</c>.</summary>
internal sealed record LoopExpression(int Line, string Item, string? Index, Expression Source, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Source, Body];
}

/// <summary><c>if (condition) { … }</c>: the resource or module is deployed only then.</summary>
internal sealed record ConditionalExpression(int Line, Expression Condition, Expression Body) : Expression(Line)
{
    public override IEnumerable<Expression> Children => [Condition, Body];
}
