namespace Headgate.Core.Admission;

/// <summary>What can be done now for the runs that wait for a slot.</summary>
public enum WaitingStep
{
    Nothing,

    /// <summary>The next one takes a slot.</summary>
    Start,

    /// <summary>The tenant is deactivated: they end cancelled.</summary>
    Close,
}
