using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Commands;

/// <summary>Tells the operator of a new key: the key itself to a terminal and only there, so that no log ever holds it; else its path.</summary>
internal static class OperatorKeyNotice
{
    public static void Give(OperatorKeyFile key)
    {
        if (!key.IsNew)
            return;
        if (Console.IsOutputRedirected)
            Console.Error.WriteLine($"operator key made: {key.Path}");
        else
            Console.Out.WriteLine($"operator key (shown once, kept in {key.Path}): {key.Text}");
    }
}
