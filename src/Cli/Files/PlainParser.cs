using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Headgate.Cli.Files;

/// <summary>
/// Refuses, before anything is built of it, what a small file can do harm with: aliases, which let it stand for an endless one, nesting that exhausts
/// the stack, and tags, which change what a value means.
/// </summary>
/// <param name="reader">The text.</param>
/// <param name="refuse">Makes the refusal of a place.</param>
internal sealed class PlainParser(TextReader reader, Func<Mark, string, UsageException> refuse) : IParser
{
    private const int MaxDepth = 64;

    private readonly Parser _parser = new(reader);
    private int _depth;

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        if (!_parser.MoveNext())
            return false;
        if (_parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw refuse(_parser.Current.Start, "anchors and aliases are not taken.");
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false })
            throw refuse(_parser.Current.Start, "tags are not taken; a string that looks like something else stands in quotes.");
        _depth += _parser.Current switch
        {
            MappingStart or SequenceStart => 1,
            MappingEnd or SequenceEnd => -1,
            _ => 0,
        };
        return _depth <= MaxDepth ? true : throw refuse(_parser.Current!.Start, $"is nested deeper than {MaxDepth}.");
    }
}
