namespace Headgate.Contracts;

/// <summary>One page of a list.</summary>
/// <param name="Next">Opaque; pass it as <c>?after=</c>. Null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
