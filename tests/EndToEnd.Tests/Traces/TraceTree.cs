namespace Headgate.EndToEnd.Tests.Traces;

/// <summary>Spans of one trace, and how they hang together.</summary>
internal static class TraceTree
{
    /// <summary>One root, and the parent of each other span is among them.</summary>
    public static void IsOne(IReadOnlyList<Span> spans)
    {
        var known = spans.Select(span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(spans.Count, known.Count);
        Assert.Single(spans, span => span.ParentId.Length == 0);
        Assert.Empty(spans.Where(span => span.ParentId.Length > 0 && !known.Contains(span.ParentId)).Select(span => $"{span.Name} of {span.Service} has no parent"));
    }
}
