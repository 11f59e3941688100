namespace Headgate.Agent.Connection;

/// <summary>What became of a call.</summary>
internal abstract record Answer<T>
{
    public sealed record Given(T Value) : Answer<T>;

    /// <summary>The service answered, with another status than success.</summary>
    /// <param name="Code">Its stable code; empty where the body had none.</param>
    public sealed record Refused(int Status, string Code, string Error, TimeSpan? RetryAfter) : Answer<T>
    {
        /// <summary>Not an answer to the request itself: the same one may be taken later.</summary>
        public bool IsPassing => Status is 408 or 429 or >= 500;

        /// <summary>The key is not accepted, or the agent is not known.</summary>
        public bool IsUnauthorised => Status is 401 or 403 or 404;
    }

    /// <summary>No answer, or none that could be understood.</summary>
    public sealed record Unreachable(string Reason) : Answer<T>;
}
