namespace Headgate.Functions.Stores.Resources;

/// <summary>The names of a task's resources as one column. Their grammar holds no comma.</summary>
public static class ResourceNames
{
    /// <summary>Null where there are none: the column is left out.</summary>
    public static string? Write(IReadOnlyList<string> names) => names.Count == 0 ? null : string.Join(',', names);

    public static IReadOnlyList<string> Read(string? column) => column is null ? [] : column.Split(',');
}
