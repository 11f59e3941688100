namespace Headgate.Agent.Connection;

/// <summary>What became of a call.</summary>
internal abstract record Answer<T>
{
    public sealed record Given(T Value) : Answer<T>;

    /// <summary>Answered with another status than success.</summary>
    /// <param name="Code">The service's stable code; empty where the body is not the service's: a proxy or a load balancer answered in its place.</param>
    /// <param name="RetryAfter">Obeyed whoever asks for it.</param>
    public sealed record Refused(int Status, string Code, string Error, TimeSpan? RetryAfter) : Answer<T>
    {
        /// <summary>Not an answer to the request itself: the same one may be taken later. Nothing that another than the service says is final.</summary>
        public bool IsPassing => Code.Length == 0 || IsInUse || Status is < 400 or >= 500 or 408 or 429;

        /// <summary>Another process has the agent's identity, and is alive.</summary>
        public bool IsInUse => (Status, Code) is (409, "agent-in-use");

        /// <summary>The service does not accept the key, or does not know the agent.</summary>
        public bool IsUnauthorised => (Status, Code) is (401, "unauthenticated") or (403, "insufficient-permission") or (404, "agent-not-found");
    }

    /// <summary>No answer, or none that could be understood.</summary>
    public sealed record Unreachable(string Reason) : Answer<T>;
}
