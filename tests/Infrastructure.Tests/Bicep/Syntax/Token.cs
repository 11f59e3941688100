namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

internal enum TokenKind
{
    NewLine,
    Name,
    Number,
    Text,
    Mark,
    End,
}

/// <param name="Text">As written; of a text without its quotes and with its escapes undone, empty where it has holes.</param>
/// <param name="Parts">Of a text: literal parts and holes, in turn.</param>
internal sealed record Token(TokenKind Kind, string Text, int Line, IReadOnlyList<TextPart>? Parts = null)
{
    public bool Is(string mark) => Kind == TokenKind.Mark && Text == mark;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}

/// <summary>A part of a text: literal, or the tokens of a hole.</summary>
internal sealed record TextPart(string? Literal, IReadOnlyList<Token>? Hole);

/// <summary>The file is no Bicep that this parser knows.</summary>
internal sealed class BicepSyntaxException(int line, string message) : Exception($"line {line}: {message}")
{
    public int Line { get; } = line;
}
