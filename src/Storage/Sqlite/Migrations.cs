using System.Globalization;
using System.Reflection;

namespace Headgate.Storage.Sqlite;

/// <summary>
/// Migrates a database to this build's schema. A migration is an embedded script <c>Sqlite/Scripts/NNN-name.sql</c>, numbered from 1
/// without gaps. Each runs once, in its own transaction. A released script is never edited.
/// </summary>
internal static class Migrations
{
    private static readonly Sql ReadVersion = new("PRAGMA user_version");

    /// <exception cref="DataFolderException">The schema is newer than this build.</exception>
    public static void Apply(Connection connection)
    {
        var scripts = Scripts();
        var current = Version(connection);
        if (current > scripts.Count)
            throw new DataFolderException(
                $"The database has schema version {current}; this build knows versions up to {scripts.Count}. Run the newer build or choose another data folder.");
        for (var next = current; next < scripts.Count; next++)
            connection.Execute($"BEGIN IMMEDIATE;\n{scripts[next]}\n;PRAGMA user_version = {next + 1};\nCOMMIT;");
    }

    private static int Version(Connection connection)
    {
        var statement = connection.Prepare(ReadVersion);
        statement.Step();
        var version = (int)statement.Long(0);
        statement.Reset();
        return version;
    }

    private static List<string> Scripts()
    {
        var assembly = typeof(Migrations).Assembly;
        var prefix = typeof(Migrations).Namespace + ".Scripts.";
        var scripts = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (int.Parse(name.AsSpan(prefix.Length, 3), CultureInfo.InvariantCulture) != scripts.Count + 1)
                throw new InvalidOperationException($"Migration scripts must be numbered without gaps; found {name} as number {scripts.Count + 1}.");
            scripts.Add(Read(assembly, name));
        }

        return scripts;
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
