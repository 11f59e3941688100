using Headgate.Core.Agents;

namespace Headgate.Functions.Stores.Agents;

/// <summary>What little the gauges tell of an agent, which may have thousands of tasks.</summary>
/// <param name="LastSeenAt">Its last sign of life as its rows have it; null where they have none.</param>
/// <param name="InBackoff">Tasks it ran last that are not due yet.</param>
/// <param name="EarliestRetryAt">When the first of them is.</param>
/// <param name="Standing">Whether it may be given work.</param>
public sealed record AgentGlance(AgentStanding Standing, DateTimeOffset? LastSeenAt, int InBackoff, DateTimeOffset? EarliestRetryAt);
