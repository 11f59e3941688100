namespace Headgate.Cli;

/// <summary>How a command ended. The numbers are part of what users build on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The service refused; its code is in the message. Or a check of <c>doctor</c> or <c>verify</c> failed.</summary>
    public const int Refused = 1;

    /// <summary>A dry run found something to change.</summary>
    public const int WouldChange = 2;

    /// <summary>No answer, or none of the service's.</summary>
    public const int Unreachable = 3;

    /// <summary>A run that was watched did not complete, or a replay expired.</summary>
    public const int RunNotCompleted = 4;

    /// <summary>Arguments or files that can't be used (sysexits.h: EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>A fault of this program (sysexits.h: EX_SOFTWARE).</summary>
    public const int Fault = 70;

    /// <summary>Ended by Ctrl-C or a signal to end (128 and the number of SIGINT, as shells have it).</summary>
    public const int Interrupted = 130;

    public const string Help = """
        Exit codes:
          0    done
          1    the service refused, or a check of doctor or verify failed
          2    a dry run found something to change
          3    no answer of the service
          4    the run did not complete
          64   arguments or a file that can't be used
          70   a fault of this program
          130  interrupted
        """;
}

/// <summary>Something the caller gave can't be used; the message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
