namespace Headgate.Cli.Tests;

/// <summary>Commands as a program calls them: no terminal, plain lines.</summary>
internal static class Typed
{
    /// <param name="environment">All of it.</param>
    /// <param name="credentials">The file of <c>login</c>.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cancellationToken">What Ctrl-C does.</param>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string> environment, string credentials, string[] arguments, string input = "", CancellationToken cancellationToken = default)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, isLive: false, new StringReader(input));
        var line = new CommandLine(terminal, new Settings(environment.GetValueOrDefault, credentials));
        return (await line.InvokeAsync(arguments, cancellationToken), output.ToString(), errors.ToString());
    }
}
