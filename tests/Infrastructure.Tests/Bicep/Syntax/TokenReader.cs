namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>Walks over tokens; complains by line where something else was expected.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public int Line => Current.Line;

    public Token Next() => tokens[_at++];

    public bool Peek(string mark, int ahead = 0) => _at + ahead < tokens.Count && tokens[_at + ahead].Is(mark);

    public Token Ahead(int count) => tokens[Math.Min(_at + count, tokens.Count - 1)];

    public bool Take(string mark)
    {
        if (!Current.Is(mark))
            return false;
        _at++;
        return true;
    }

    public bool TakeName(string name)
    {
        if (!Current.IsName(name))
            return false;
        _at++;
        return true;
    }

    public void Expect(string mark)
    {
        if (!Take(mark))
            throw Unexpected($"'{mark}'");
    }

    public string ExpectName() => Current.Kind == TokenKind.Name ? Next().Text : throw Unexpected("a name");

    /// <summary>A text without holes.</summary>
    public string ExpectText() => Current is { Kind: TokenKind.Text, Parts.Count: 1 } ? Next().Text : throw Unexpected("a text without holes");

    public void SkipLines()
    {
        while (Current.Kind == TokenKind.NewLine)
            _at++;
    }

    /// <summary>Skips newlines if the mark comes after them.</summary>
    public bool PeekOverLines(string mark)
    {
        var at = _at;
        while (tokens[at].Kind == TokenKind.NewLine)
            at++;
        if (!tokens[at].Is(mark))
            return false;
        _at = at;
        return true;
    }

    /// <summary>Items up to the closing mark, parted by commas, newlines or both.</summary>
    public List<T> Items<T>(string close, Func<T> read)
    {
        var items = new List<T>();
        for (SkipLines(); !Take(close); SkipLines())
        {
            items.Add(read());
            if (!Peek(close) && !Take(",") && Current.Kind != TokenKind.NewLine)
                throw Unexpected($"',', a new line or '{close}'");
        }

        return items;
    }

    public BicepSyntaxException Unexpected(string wanted) => new(Line, $"{wanted} was expected, not '{Current.Text}'");
}
