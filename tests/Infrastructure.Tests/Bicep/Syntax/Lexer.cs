using System.Text;

namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>Text to tokens. Newlines are tokens, because they end declarations and part the items of objects and arrays.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Marks =
        ["...", "=>", "==", "!=", "=~", "!~", "<=", ">=", "&&", "||", "??", "::", "{", "}", "[", "]", "(", ")", ",", ".", ":", "?", "=", "!", "<", ">", "+", "-", "*", "/", "%", "@", "|"];

    private int _at;
    private int _line = 1;

    public static IReadOnlyList<Token> Read(string text) => new Lexer(text).Read(isHole: false);

    private List<Token> Read(bool isHole)
    {
        var tokens = new List<Token>();
        for (var depth = 0; _at < text.Length;)
        {
            var c = text[_at];
            if (c == '\n')
            {
                if (tokens.Count > 0 && tokens[^1].Kind != TokenKind.NewLine)
                    tokens.Add(new(TokenKind.NewLine, "\\n", _line));
                _line++;
                _at++;
            }
            else if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else if (Ahead("//"))
            {
                while (_at < text.Length && text[_at] != '\n')
                    _at++;
            }
            else if (Ahead("/*"))
            {
                SkipComment();
            }
            else if (c == '\'')
            {
                tokens.Add(Ahead("'''") ? VerbatimText() : QuotedText());
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                tokens.Add(new(TokenKind.Name, While(each => char.IsAsciiLetterOrDigit(each) || each == '_'), _line));
            }
            else if (char.IsAsciiDigit(c))
            {
                tokens.Add(new(TokenKind.Number, While(char.IsAsciiDigit), _line));
            }
            else
            {
                var mark = Array.Find(Marks, Ahead) ?? throw new BicepSyntaxException(_line, $"'{c}' begins nothing");
                if (isHole && mark == "}" && depth == 0)
                    return tokens;
                depth += mark == "{" ? 1 : mark == "}" ? -1 : 0;
                tokens.Add(new(TokenKind.Mark, mark, _line));
                _at += mark.Length;
            }
        }

        if (isHole)
            throw new BicepSyntaxException(_line, "a hole in a text is not closed");
        tokens.Add(new(TokenKind.End, "end of file", _line));
        return tokens;
    }

    private Token QuotedText()
    {
        var line = _line;
        var parts = new List<TextPart>();
        var literal = new StringBuilder();
        for (_at++; ; _at++)
        {
            if (_at >= text.Length || text[_at] == '\n')
                throw new BicepSyntaxException(line, "a text is not closed");
            if (text[_at] == '\'')
                break;
            if (text[_at] == '\\')
            {
                literal.Append(Escape());
            }
            else if (Ahead("${"))
            {
                parts.Add(new(literal.ToString(), null));
                literal.Clear();
                _at += 2;
                parts.Add(new(null, [.. Read(isHole: true), new(TokenKind.End, "end of hole", _line)]));
            }
            else
            {
                literal.Append(text[_at]);
            }
        }

        _at++;
        parts.Add(new(literal.ToString(), null));
        return new(TokenKind.Text, parts.Count == 1 ? parts[0].Literal! : "", line, parts);
    }

    private Token VerbatimText()
    {
        var line = _line;
        var end = text.IndexOf("'''", _at + 3, StringComparison.Ordinal);
        if (end < 0)
            throw new BicepSyntaxException(line, "a text is not closed");
        var start = _at + 3 < text.Length && text[_at + 3] == '\n' ? _at + 4 : _at + 3;
        var value = text[start..end];
        _line += text[_at..end].Count(c => c == '\n');
        _at = end + 3;
        return new(TokenKind.Text, value, line, [new(value, null)]);
    }

    private char Escape()
    {
        _at++;
        return (_at < text.Length ? text[_at] : '\0') switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' => '\\',
            '\'' => '\'',
            '$' => '$',
            var c => throw new BicepSyntaxException(_line, $"'\\{c}' is no escape"),
        };
    }

    private void SkipComment()
    {
        var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw new BicepSyntaxException(_line, "a comment is not closed");
        _line += text[_at..end].Count(c => c == '\n');
        _at = end + 2;
    }

    private bool Ahead(string what) => string.CompareOrdinal(text, _at, what, 0, what.Length) == 0;

    private string While(Func<char, bool> holds)
    {
        var start = _at;
        while (_at < text.Length && holds(text[_at]))
            _at++;
        return text[start.._at];
    }
}
