using System.Text.Json;
using Headgate.Client;

namespace Headgate.Cli;

/// <param name="Options">Where and who.</param>
/// <param name="TenantId">The key's own tenant, where <c>login</c> noted it.</param>
internal sealed record Connection(HeadgateClientOptions Options, string? TenantId);

/// <summary>Where the service is and who calls, from the environment first and the file that <c>login</c> writes second. A key is never an argument.</summary>
/// <param name="read">Reads a variable of the environment.</param>
/// <param name="file">Of <c>login</c>.</param>
internal sealed class Settings(Func<string, string?> read, string file)
{
    public const string Url = "HEADGATE_URL";
    public const string Key = "HEADGATE_KEY";
    public const string Host = "HEADGATE_HOST_PROGRAM";
    public const string DefaultService = "http://127.0.0.1:7071";

    public string File => file;

    /// <summary>The embedded host's program, where the environment names it.</summary>
    public string? HostProgram => read(Host);

    public static Settings OfProcess()
    {
        var home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null, Path.Combine(home, "headgate", "credentials.json"));
    }

    /// <param name="service">Given on the command line; null: the environment's, else the file's, else this machine's.</param>
    /// <exception cref="UsageException">There is no key, or the address is none.</exception>
    public Connection Connection(string? service)
    {
        var saved = Saved();
        var named = service ?? read(Url);
        var given = read(Key) is { } key ? KeyOf(key) : null;
        var uri = Address(named ?? saved?.Service ?? DefaultService);
        if (given is not null)
        {
            // A key of the environment was not made for the service of the file, nor was it said to be.
            return named is null && saved is not null && uri != Address(DefaultService)
                ? throw new UsageException($"{Key} is set, but not for which service: {file} names {Shown(uri)}. Set {Url} too.")
                : new(new() { Service = uri, Key = given }, null);
        }

        // A key that was saved for one service goes to no other.
        return saved is not null && Address(saved.Service) == uri
            ? new(new() { Service = uri, Key = KeyOf(saved.Key) }, saved.TenantId)
            : throw new UsageException($"Who calls? Set {Key}, or run `headgate login`.");
    }

    /// <summary>The service to log in to.</summary>
    public Uri Service(string? service) => Address(service ?? read(Url) ?? DefaultService);

    /// <summary>Something to warn of before a key goes there.</summary>
    /// <returns>Null if all is well.</returns>
    public static string? Warning(Uri service) => service is { Scheme: "http", IsLoopback: false }
        ? $"The key goes to {Shown(service)} in clear: whoever is on the way can read it. Use https."
        : null;

    public static string Shown(Uri service) => service.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <exception cref="UsageException">No key looks like that.</exception>
    public static string KeyOf(string text) => text.Trim() is { Length: > 0 } key && key.All(c => c is > ' ' and <= '~')
        ? key
        : throw new UsageException("That is no key: one is a word of printable ASCII characters.");

    /// <summary>Writes the file so that only its owner can read it.</summary>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public void Save(Credentials credentials)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var draft = file + ".new";
            System.IO.File.Delete(draft);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, options))
                JsonSerializer.Serialize(stream, credentials, CliJson.Default.Credentials);
            System.IO.File.Move(draft, file, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} can't be written: {problem.Message}");
        }
    }

    private Credentials? Saved()
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file), CliJson.Default.Credentials) is { Service: not null, Key: not null } saved
                ? saved
                : throw new JsonException("It names no service or no key.");
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

    // Kept with a slash at its end, so that two ways to write one address are equal.
    private static Uri Address(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"'{Terminal.Plain(text)}' is not an http or https address.");
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new UsageException($"{Shown(uri)}: a service's address has no user, no query and no fragment.");
        return uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + '/');
    }
}
