using System.Text.Json;
using Headgate.Client;

namespace Headgate.Cli;

/// <summary>Where the service is and who calls, from the environment first and the file that <c>login</c> writes second. A key is never an argument.</summary>
/// <param name="read">Reads a variable of the environment.</param>
/// <param name="file">Of <c>login</c>.</param>
internal sealed class Settings(Func<string, string?> read, string file)
{
    public const string Url = "HEADGATE_URL";
    public const string Key = "HEADGATE_KEY";
    public const string DefaultService = "http://127.0.0.1:5080";

    public string File => file;

    public static Settings OfProcess()
    {
        var home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null, Path.Combine(home, "headgate", "credentials.json"));
    }

    /// <param name="service">Given on the command line; null: the environment's, else the file's, else this machine's.</param>
    /// <exception cref="UsageException">There is no key, or the address is none.</exception>
    public HeadgateClientOptions Connection(string? service)
    {
        var saved = Saved();
        var uri = Address(service ?? read(Url) ?? saved?.Service ?? DefaultService);
        // A key that was saved for one service goes to no other.
        var key = read(Key) ?? (saved is not null && new Uri(saved.Service) == uri ? saved.Key : null);
        return new() { Service = uri, Key = key ?? throw new UsageException($"Who calls? Set {Key}, or run `headgate login`.") };
    }

    /// <exception cref="UsageException">It is none.</exception>
    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
        ? uri
        : throw new UsageException($"'{Terminal.Plain(text)}' is not an http or https address.");

    /// <summary>The service to log in to.</summary>
    public Uri Service(string? service) => Address(service ?? read(Url) ?? DefaultService);

    /// <summary>Writes the file so that only its owner can read it.</summary>
    public void Save(string service, string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = file + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
            JsonSerializer.Serialize(stream, new Credentials(service, key), CliJson.Default.Credentials);
        System.IO.File.Move(draft, file, overwrite: true);
    }

    private Credentials? Saved()
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file), CliJson.Default.Credentials);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception bad) when (bad is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} can't be read: {bad.Message} Run `headgate login` again.");
        }
    }
}
