using DurableTask.Core;
using DurableTask.Core.Query;

namespace Headgate.Durable.Tests.Engine;

/// <summary>All that the engine's server asks of its store.</summary>
public interface ITaskHub : IOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient;
