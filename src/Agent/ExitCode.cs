namespace Headgate.Agent;

/// <summary>What the process ends with; part of the agent's contract with whoever starts it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A fault of the agent itself.</summary>
    public const int Fault = 1;

    /// <summary>Wrong command line or configuration; every problem was listed.</summary>
    public const int BadConfiguration = 2;

    /// <summary>The service does not accept the key, or does not know the agent.</summary>
    public const int NotAuthorised = 3;

    /// <summary>Another agent runs on the same state directory, or the directory can't be written.</summary>
    public const int StateUnavailable = 4;

    /// <summary>Registration only: the service could not be reached or refused.</summary>
    public const int RegistrationFailed = 5;
}
