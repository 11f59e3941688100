namespace Headgate.LocalHost.Commands;

/// <summary>What the process tells whoever started it. The numbers are part of the contract.</summary>
internal static class ExitCode
{
    /// <summary>It was told to stop, and did.</summary>
    public const int Stopped = 0;

    /// <summary>Settings, port or data folder did not allow a start; nothing was changed.</summary>
    public const int StartRefused = 1;

    /// <summary>The database could not be written or is damaged; whatever was answered for is kept.</summary>
    public const int DiskRefused = 3;

    /// <summary>In a drill, not every alert fired, was told and was over.</summary>
    public const int DrillFailed = 4;

    /// <summary>In chaos, the service broke a promise.</summary>
    public const int PromiseBroken = 5;
}
