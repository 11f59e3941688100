using System.Globalization;

namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>Tokens to types.</summary>
internal sealed class TypeParser(TokenReader tokens, Func<List<CallExpression>> readDecorators)
{
    public TypeSyntax Read()
    {
        var line = tokens.Line;
        tokens.Take("|");
        var members = new List<TypeSyntax> { Postfix() };
        while (tokens.Take("|"))
        {
            tokens.SkipLines();
            members.Add(Postfix());
        }

        return members.Count == 1 ? members[0] : new UnionType(line, members);
    }

    private TypeSyntax Postfix()
    {
        var type = Primary();
        while (true)
        {
            var line = tokens.Line;
            if (tokens.Take("?"))
            {
                type = new NullableType(line, type);
            }
            else if (tokens.Peek("[") && tokens.Peek("]", 1))
            {
                tokens.Next();
                tokens.Next();
                type = new ArrayType(line, type);
            }
            else
            {
                return type;
            }
        }
    }

    private TypeSyntax Primary()
    {
        var token = tokens.Current;
        if (tokens.Take("{"))
            return new ObjectType(token.Line, tokens.Items("}", Property));
        if (tokens.Take("("))
        {
            var inner = Read();
            tokens.Expect(")");
            return inner;
        }

        return token.Kind switch
        {
            TokenKind.Text => new LiteralType(token.Line, tokens.ExpectText()),
            TokenKind.Number => new LiteralType(token.Line, long.Parse(tokens.Next().Text, CultureInfo.InvariantCulture)),
            TokenKind.Name when token.Text is "true" or "false" => new LiteralType(token.Line, tokens.Next().Text == "true"),
            TokenKind.Name => new NamedType(token.Line, tokens.Next().Text),
            _ => throw tokens.Unexpected("a type"),
        };
    }

    private TypeProperty Property()
    {
        var decorators = readDecorators();
        var line = tokens.Line;
        var name = tokens.Take("*") ? "*" : tokens.Current.Kind == TokenKind.Text ? tokens.ExpectText() : tokens.ExpectName();
        tokens.Expect(":");
        return new TypeProperty(line, name, Read(), decorators);
    }
}
