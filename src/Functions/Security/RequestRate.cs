using System.Globalization;
using System.Threading.RateLimiting;
using Headgate.Functions.Options;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Security;

/// <summary>
/// How many requests a caller may make: a bucket for each tenant's members, each agent and each operator, as large as a minute's requests and filled
/// evenly. Who calls is known before anything is counted, so nobody spends another's. A bucket that is full and idle is dropped.
/// </summary>
public sealed class RequestRate : IDisposable
{
    private readonly Share? _members;
    private readonly Share? _agents;
    private readonly Share? _operators;

    public RequestRate(HeadgateOptions options)
    {
        _members = Share.Of("member", options.Rate.MemberRequests);
        _agents = Share.Of("agent", options.Rate.AgentRequests);
        _operators = Share.Of("operator", options.Rate.OperatorRequests);
    }

    /// <summary>Counts a request, and tells in the headers <c>RateLimit</c> and <c>RateLimit-Policy</c> what is left.</summary>
    /// <returns>Null if it may go on.</returns>
    public Refusal? Take(Caller caller, HttpResponse response) => caller switch
    {
        MemberCaller member => _members?.Take(member.TenantId, response),
        // No tenant's id begins so.
        PersonCaller person => _members?.Take("!" + person.Subject, response),
        AgentCaller agent => _agents?.Take(agent.AgentId, response),
        OperatorCaller platform => _operators?.Take(platform.Actor, response),
        _ => null,
    };

    /// <summary>How many requests a bucket gets back, and how often: about each second, or one at a time where a minute has fewer than 60.</summary>
    /// <param name="quota">Of a minute; at least 1.</param>
    internal static (int Tokens, TimeSpan Period) RefillOf(int quota)
    {
        var tokens = (int)(((long)quota + RateOptions.WindowSeconds - 1) / RateOptions.WindowSeconds);
        return (tokens, TimeSpan.FromSeconds(tokens * (double)RateOptions.WindowSeconds / quota));
    }

    public void Dispose()
    {
        _members?.Dispose();
        _agents?.Dispose();
        _operators?.Dispose();
    }

    private sealed class Share : IDisposable
    {
        private readonly string _name;
        private readonly int _quota;
        private readonly string _policy;
        private readonly Refusal _refusal;
        private readonly PartitionedRateLimiter<string> _limiter;

        private Share(string name, int quota)
        {
            (_name, _quota) = (name, quota);
            _policy = $"\"{name}\";q={quota};w={RateOptions.WindowSeconds}";
            _refusal = new Refusal(429, "rate-limited", "Too many requests").With("limit", quota).With("windowSeconds", RateOptions.WindowSeconds);
            // The factory is the same each time: partitions that differ in nothing but their key need no closure of their own.
            var options = OptionsOf(quota);
            Func<string, TokenBucketRateLimiterOptions> factory = _ => options;
            _limiter = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, factory), StringComparer.Ordinal);
        }

        public static Share? Of(string name, int quota) => quota == 0 ? null : new Share(name, quota);

        public Refusal? Take(string key, HttpResponse response)
        {
            using var lease = _limiter.AttemptAcquire(key);
            var left = (int)(_limiter.GetStatistics(key)?.CurrentAvailablePermits ?? 0);
            var full = (long)Math.Ceiling((_quota - left) * (double)RateOptions.WindowSeconds / _quota);
            response.Headers["RateLimit-Policy"] = _policy;
            response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{_name}\";r={left};t={full}");
            if (lease.IsAcquired)
                return null;
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.Zero;
            return _refusal with { RetryAfter = Math.Clamp((int)Math.Ceiling(wait.TotalSeconds), 1, RateOptions.WindowSeconds) };
        }

        public void Dispose() => _limiter.Dispose();

        private static TokenBucketRateLimiterOptions OptionsOf(int quota)
        {
            var (tokens, period) = RefillOf(quota);
            return new() { TokenLimit = quota, TokensPerPeriod = tokens, ReplenishmentPeriod = period, QueueLimit = 0 };
        }
    }
}
