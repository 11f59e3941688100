using Headgate.Core.Validation;
using Headgate.Functions.Security.Keys;
using Headgate.Ports;

namespace Headgate.LocalHost.Options;

/// <summary>The operator's key of a data folder: made at the first start, kept in a file only its owner may read.</summary>
/// <param name="Text">The key as its holder has it.</param>
/// <param name="Path">Where it is kept; null where the environment gave it.</param>
/// <param name="IsNew">Made at this start.</param>
public sealed record OperatorKeyFile(string Text, string? Path, bool IsNew)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="StartRefusedException">The file holds no good key.</exception>
    internal static (OperatorKeyFile File, OperatorKey Key) Open(LocalHostOptions options, IRandomSource random)
    {
        if (options.AdminKey is { } given)
            return (new OperatorKeyFile(given, Path: null, IsNew: false), OperatorKey.Read(given, out _)!);
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataFolder, "operator.key"));
        var isNew = !File.Exists(path);
        if (isNew)
            Write(path, ApiKey.Generate(random).Key);
        var text = File.ReadAllText(path).Trim();
        var key = OperatorKey.Read(text, out var problem);
        return key is null
            ? throw new StartRefusedException([new Problem(path, $"{problem}; delete the file to have a new key made")])
            : (new OperatorKeyFile(text, path, isNew), key);
    }

    /// <summary>Whole or not at all: a file cut short by a crash would refuse every later start.</summary>
    private static void Write(string path, string key)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(key + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }
}
