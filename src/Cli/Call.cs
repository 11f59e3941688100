using System.CommandLine;
using Headgate.Cli.Files;
using Headgate.Client;

namespace Headgate.Cli;

/// <summary>One command at work.</summary>
/// <param name="client">Of the service.</param>
/// <param name="connection">Where the client goes.</param>
/// <param name="terminal">Where it writes.</param>
/// <param name="arguments">What was typed.</param>
/// <param name="given">The tenant that was named.</param>
/// <param name="time">The clock.</param>
internal sealed class Call(HeadgateClient client, Connection connection, Terminal terminal, ParseResult arguments, string? given, TimeProvider time)
{
    public HeadgateClient Client => client;

    public Uri Service => connection.Options.Service!;

    public Terminal Terminal => terminal;

    public TimeProvider Time => time;

    /// <summary>The tenant that was named.</summary>
    public string? Given => given;

    /// <summary>Whose places a refusal's details are shown with.</summary>
    public YamlFile? File { get; set; }

    /// <summary>Of that part of the file which is being sent; empty: all of it.</summary>
    public string FilePath { get; set; } = "";

    /// <summary>Of a submission that may or may not have been taken.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>The one that was named, else the key's own.</summary>
    /// <exception cref="UsageException">The key belongs to none.</exception>
    public async Task<string> TenantAsync(CancellationToken cancellationToken) =>
        given ?? connection.TenantId ?? (await client.Operations.WhoAmIAsync(cancellationToken)).TenantId ?? throw new UsageException("Which tenant? Give --tenant ID.");

    /// <summary>Where in the file something stands that the service names.</summary>
    /// <returns>Null if it is not in the file.</returns>
    public Place? Find(string path) => File?.Find(FilePath.Length > 0 && path.Length > 0 ? $"{FilePath}.{path}" : FilePath + path);

    public T Value<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    public T? Value<T>(Option<T> option) => arguments.GetValue(option);
}
