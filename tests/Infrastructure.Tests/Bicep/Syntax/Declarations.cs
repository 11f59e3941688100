namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>A type as written.</summary>
internal abstract record TypeSyntax(int Line);

internal sealed record NamedType(int Line, string Name) : TypeSyntax(Line);

/// <param name="Value">A string, a long, a bool or null.</param>
internal sealed record LiteralType(int Line, object? Value) : TypeSyntax(Line);

internal sealed record UnionType(int Line, IReadOnlyList<TypeSyntax> Members) : TypeSyntax(Line);

internal sealed record ArrayType(int Line, TypeSyntax Item) : TypeSyntax(Line);

internal sealed record NullableType(int Line, TypeSyntax Inner) : TypeSyntax(Line);

internal sealed record ObjectType(int Line, IReadOnlyList<TypeProperty> Properties) : TypeSyntax(Line);

/// <param name="Name"><c>*</c> for all other names.</param>
internal sealed record TypeProperty(int Line, string Name, TypeSyntax Type, IReadOnlyList<CallExpression> Decorators);

/// <summary>Something declared at the top of a file.</summary>
internal abstract record Declaration(int Line, string Name, IReadOnlyList<CallExpression> Decorators)
{
    public bool Has(string decorator) => Decorators.Any(each => each.Function == decorator);

    public string? Description => Decorators.FirstOrDefault(each => each.Function == "description")?.Arguments is [LiteralExpression { Value: string text }] ? text : null;

    /// <summary>The value or values it is made of.</summary>
    public virtual IEnumerable<Expression> Values => [];

    public virtual IEnumerable<TypeSyntax> Types => [];
}

/// <param name="Default">Null where there is none.</param>
internal sealed record Parameter(int Line, string Name, IReadOnlyList<CallExpression> Decorators, TypeSyntax Type, Expression? Default)
    : Declaration(Line, Name, Decorators)
{
    public bool IsRequired => Default is null && Type is not NullableType;

    public override IEnumerable<Expression> Values => Default is null ? [] : [Default];

    public override IEnumerable<TypeSyntax> Types => [Type];
}

internal sealed record Variable(int Line, string Name, IReadOnlyList<CallExpression> Decorators, Expression Value) : Declaration(Line, Name, Decorators)
{
    public override IEnumerable<Expression> Values => [Value];
}

internal sealed record Output(int Line, string Name, IReadOnlyList<CallExpression> Decorators, TypeSyntax Type, Expression Value)
    : Declaration(Line, Name, Decorators)
{
    public override IEnumerable<Expression> Values => [Value];

    public override IEnumerable<TypeSyntax> Types => [Type];
}

internal sealed record TypeDeclaration(int Line, string Name, IReadOnlyList<CallExpression> Decorators, TypeSyntax Type) : Declaration(Line, Name, Decorators)
{
    public override IEnumerable<TypeSyntax> Types => [Type];
}

internal sealed record Function(
    int Line, string Name, IReadOnlyList<CallExpression> Decorators, IReadOnlyList<(string Name, TypeSyntax Type)> Parameters, TypeSyntax Returns, Expression Body)
    : Declaration(Line, Name, Decorators)
{
    public override IEnumerable<Expression> Values => [Body];

    public override IEnumerable<TypeSyntax> Types => Parameters.Select(parameter => parameter.Type).Append(Returns);
}

/// <summary>A resource or module.</summary>
internal abstract record Deployed(int Line, string Name, IReadOnlyList<CallExpression> Decorators, Expression Value) : Declaration(Line, Name, Decorators)
{
    public LoopExpression? Loop => Value as LoopExpression;

    public Expression? Condition => ((Loop?.Body ?? Value) as ConditionalExpression)?.Condition;

    public ObjectExpression Body => (ObjectExpression)((Loop?.Body ?? Value) is ConditionalExpression conditional ? conditional.Body : Loop?.Body ?? Value);

    public override IEnumerable<Expression> Values => [Value];
}

internal sealed record Resource(
    int Line, string Name, IReadOnlyList<CallExpression> Decorators, string Type, string ApiVersion, bool IsExisting, Expression Value)
    : Deployed(Line, Name, Decorators, Value);

/// <param name="Path">Of the file, from the folder of this one.</param>
internal sealed record Module(int Line, string Name, IReadOnlyList<CallExpression> Decorators, string Path, Expression Value)
    : Deployed(Line, Name, Decorators, Value);

/// <summary>A name that another file exports.</summary>
internal sealed record Import(int Line, string Name, string Exported, string Path) : Declaration(Line, Name, []);

/// <summary>In a file of parameters.</summary>
internal sealed record Assignment(int Line, string Name, Expression Value) : Declaration(Line, Name, [])
{
    public override IEnumerable<Expression> Values => [Value];
}

/// <param name="Path">From the folder of all files.</param>
/// <param name="Scope">What it is deployed to; <c>resourceGroup</c> unless it says otherwise.</param>
/// <param name="Using">Of a file of parameters: the file they are for.</param>
internal sealed record BicepFile(string Path, string Scope, string? Using, IReadOnlyList<Declaration> Declarations)
{
    public IEnumerable<T> All<T>()
        where T : Declaration => Declarations.OfType<T>();

    public Declaration? Find(string name) => Declarations.FirstOrDefault(declaration => declaration.Name == name && declaration is not Output);
}
