namespace Headgate.Cli;

internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The service refused; its code is in the message.</summary>
    public const int Refused = 1;

    /// <summary>No answer, or none of the service's.</summary>
    public const int Unreachable = 3;

    /// <summary>A run that was watched did not complete.</summary>
    public const int RunNotCompleted = 4;

    /// <summary>Arguments or files that can't be used (sysexits.h: EX_USAGE).</summary>
    public const int Usage = 64;
}

/// <summary>Something the caller gave can't be used; the message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
