using System.Globalization;

namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>Tokens to values. Operators by the precedence of the language, the loosest first.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[][] Levels = [["??"], ["||"], ["&&"], ["==", "!=", "=~", "!~"], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];

    public Expression Read()
    {
        var line = tokens.Line;
        var condition = Binary(0);
        if (!tokens.PeekOverLines("?"))
            return condition;
        tokens.Expect("?");
        tokens.SkipLines();
        var yes = Read();
        tokens.PeekOverLines(":");
        tokens.Expect(":");
        tokens.SkipLines();
        return new ChoiceExpression(line, condition, yes, Read());
    }

    public ObjectExpression ReadObject()
    {
        var line = tokens.Line;
        tokens.Expect("{");
        return new ObjectExpression(line, tokens.Items("}", ReadProperty));
    }

    private Property ReadProperty()
    {
        var line = tokens.Line;
        if (tokens.Take("..."))
            return new Property(line, null, Read());
        Expression key = tokens.Current.Kind switch
        {
            TokenKind.Name => new LiteralExpression(line, tokens.Next().Text),
            TokenKind.Text => Text(tokens.Next()),
            _ => throw tokens.Unexpected("the name of a property"),
        };
        tokens.Expect(":");
        tokens.SkipLines();
        return new Property(line, key, Read());
    }

    private Expression Binary(int level)
    {
        if (level == Levels.Length)
            return Unary();
        var left = Binary(level + 1);
        while (Array.Find(Levels[level], mark => level < 3 ? tokens.PeekOverLines(mark) : tokens.Peek(mark)) is { } mark)
        {
            tokens.Expect(mark);
            tokens.SkipLines();
            left = new BinaryExpression(left.Line, mark, left, Binary(level + 1));
        }

        return left;
    }

    private Expression Unary()
    {
        var line = tokens.Line;
        if (tokens.Take("!"))
            return new UnaryExpression(line, "!", Unary());
        return tokens.Take("-") ? new UnaryExpression(line, "-", Unary()) : Postfix(Primary());
    }

    private Expression Postfix(Expression target)
    {
        while (true)
        {
            var line = tokens.Line;
            if (tokens.Take("."))
            {
                var isSafe = tokens.Take("?");
                target = new MemberExpression(line, target, tokens.ExpectName(), isSafe);
            }
            else if (tokens.Take("["))
            {
                var isSafe = tokens.Take("?");
                var index = Read();
                tokens.Expect("]");
                target = new IndexExpression(line, target, index, isSafe);
            }
            else if (tokens.Take("!"))
            {
                target = new AssertedExpression(line, target);
            }
            else
            {
                return target;
            }
        }
    }

    private Expression Primary()
    {
        var line = tokens.Line;
        if (tokens.Peek("{"))
            return ReadObject();
        if (tokens.Take("["))
        {
            tokens.SkipLines();
            return tokens.Current.IsName("for") ? Loop(line) : new ArrayExpression(line, tokens.Items("]", Read));
        }

        if (IsLambda())
            return Lambda(line);
        if (tokens.Take("("))
        {
            tokens.SkipLines();
            var inner = Read();
            tokens.SkipLines();
            tokens.Expect(")");
            return inner;
        }

        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return Text(tokens.Next());
            case TokenKind.Number:
                return new LiteralExpression(line, long.Parse(tokens.Next().Text, CultureInfo.InvariantCulture));
            case TokenKind.Name when token.Text is "true" or "false":
                return new LiteralExpression(line, tokens.Next().Text == "true");
            case TokenKind.Name when token.Text == "null":
                tokens.Next();
                return new LiteralExpression(line, null);
            case TokenKind.Name:
                var name = tokens.Next().Text;
                return tokens.Take("(") ? new CallExpression(line, name, tokens.Items(")", Read)) : new NameExpression(line, name);
            default:
                throw tokens.Unexpected("a value");
        }
    }

    private LoopExpression Loop(int line)
    {
        tokens.Next();
        string item;
        string? index = null;
        if (tokens.Take("("))
        {
            item = tokens.ExpectName();
            tokens.Expect(",");
            index = tokens.ExpectName();
            tokens.Expect(")");
        }
        else
        {
            item = tokens.ExpectName();
        }

        if (!tokens.TakeName("in"))
            throw tokens.Unexpected("'in'");
        var source = Read();
        tokens.Expect(":");
        tokens.SkipLines();
        var body = ReadConditional();
        tokens.SkipLines();
        tokens.Expect("]");
        return new LoopExpression(line, item, index, source, body);
    }

    /// <summary>A value, or <c>if (condition) { … }</c>.</summary>
    public Expression ReadConditional()
    {
        var line = tokens.Line;
        if (!tokens.Current.IsName("if"))
            return Read();

        tokens.Next();
        tokens.Expect("(");
        var condition = Read();
        tokens.Expect(")");
        return new ConditionalExpression(line, condition, ReadObject());
    }

    private bool IsLambda()
    {
        if (tokens.Current.Kind == TokenKind.Name)
            return tokens.Peek("=>", 1);
        if (!tokens.Peek("("))
            return false;
        var ahead = 1;
        while (tokens.Ahead(ahead).Kind == TokenKind.Name || tokens.Peek(",", ahead))
            ahead++;
        return tokens.Peek(")", ahead) && tokens.Peek("=>", ahead + 1);
    }

    private LambdaExpression Lambda(int line)
    {
        var names = tokens.Take("(") ? tokens.Items(")", tokens.ExpectName) : [tokens.ExpectName()];
        tokens.Expect("=>");
        tokens.SkipLines();
        return new LambdaExpression(line, names, Read());
    }

    private static Expression Text(Token token)
    {
        if (token.Parts is [{ Literal: { } whole }])
            return new LiteralExpression(token.Line, whole);
        return new TextExpression(token.Line, [.. token.Parts!.Where(part => part.Literal != "").Select(part => part.Literal is { } literal
            ? new LiteralExpression(token.Line, literal)
            : Hole(part.Hole!))]);
    }

    private static Expression Hole(IReadOnlyList<Token> hole)
    {
        var reader = new TokenReader(hole);
        var value = new ExpressionParser(reader).Read();
        return reader.Current.Kind == TokenKind.End ? value : throw reader.Unexpected("the end of the hole");
    }
}
