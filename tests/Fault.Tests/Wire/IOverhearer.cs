namespace Headgate.Fault.Tests.Wire;

/// <summary>Hears what is said between agents and the service. Calls of one agent may be under way at the same time.</summary>
internal interface IOverhearer
{
    /// <summary>Before the call is passed on.</summary>
    void Calling(OverheardCall call);

    /// <summary>Not heard where the connection to the service broke.</summary>
    void Answered(OverheardCall call, int status, byte[] body);
}
