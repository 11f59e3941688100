namespace Headgate.ServiceBusPeer;

/// <summary>Where a client and the peer meet, and where a test can have something go wrong.</summary>
public enum PeerStep
{
    /// <summary>A connection was made; nothing has been said on it.</summary>
    Connect,

    /// <summary>A client puts its token for an address.</summary>
    Token,

    /// <summary>A client opens a link to send on.</summary>
    Attach,

    /// <summary>A client sends a message, or several as one.</summary>
    Transfer,

    /// <summary>A client asks over AMQP, for a look at messages.</summary>
    Request,

    /// <summary>A client asks over HTTP, for a queue's counts.</summary>
    Counts,
}

/// <summary>What the peer does at a step; a closed set.</summary>
public abstract record PeerAnswer
{
    private PeerAnswer()
    {
    }

    /// <summary>What it is there for.</summary>
    public sealed record Served : PeerAnswer;

    /// <param name="Condition">An AMQP error condition; at <see cref="PeerStep.Counts"/> the HTTP status.</param>
    public sealed record Refused(string Condition) : PeerAnswer;

    /// <summary>Nothing, and the connection stays.</summary>
    public sealed record Silent : PeerAnswer;

    /// <summary>What it is there for, but not before the task has ended.</summary>
    public sealed record Late(Task Until) : PeerAnswer;

    /// <summary>What it is there for, but the answer gets lost with the connection.</summary>
    public sealed record Lost : PeerAnswer;

    /// <summary>An answer over HTTP with this body.</summary>
    public sealed record Garbled(string Body) : PeerAnswer;
}
