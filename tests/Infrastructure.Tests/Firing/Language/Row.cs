namespace Headgate.Infrastructure.Tests.Firing.Language;

/// <summary>
/// A row of a table: values by column. Whole numbers are <see cref="long"/>, <c>real</c> is <see cref="double"/>, <c>dynamic</c> is
/// <see cref="System.Text.Json.JsonElement"/>, times are <see cref="DateTime"/> in UTC and <see cref="TimeSpan"/>; a text is never null.
/// </summary>
internal sealed class Row() : Dictionary<string, object?>(StringComparer.Ordinal);
