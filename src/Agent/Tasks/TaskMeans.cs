using Headgate.Agent.Quotas;
using Headgate.Agent.Tasks.Archive;
using Headgate.Agent.Tasks.Command;

namespace Headgate.Agent.Tasks;

/// <summary>What the agent gives its task types to work with.</summary>
/// <param name="Transfers">How many tasks that move data run now; they share the bandwidth.</param>
/// <param name="Variable">Of the agent's own environment.</param>
internal sealed record TaskMeans(
    WorkFolders Folders, UnfinishedArchives Archives, ChildQuota Quota, Func<int> Transfers, TimeProvider Time, AgentLog Log, Func<string, string?> Variable);
