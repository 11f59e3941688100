using DurableTask.Core;
using DurableTask.Core.Query;

namespace Headgate.Durable.Tests.Engine;

/// <summary>All interfaces that the engine's server needs of its store.</summary>
public interface ITaskHub : IOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient;
