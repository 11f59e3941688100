using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Commands;

/// <summary>Tells the operator of a new key: the key itself to a terminal and only there, so that no log ever holds it; else its path.</summary>
internal static class OperatorKeyNotice
{
    public static Task GiveAsync(OperatorKeyFile key) =>
        !key.IsNew ? Task.CompletedTask
        : Console.IsOutputRedirected ? StandardStreams.TellAsync(Console.Error, $"operator key made: {key.Path}")
        : StandardStreams.TellAsync(Console.Out, $"operator key (shown once, kept in {key.Path}): {key.Text}");
}
