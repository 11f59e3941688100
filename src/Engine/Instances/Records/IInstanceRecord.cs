using Headgate.Storage.Log;

namespace Headgate.Engine.Instances.Records;

/// <summary>A record about one orchestration.</summary>
internal interface IInstanceRecord : ILogRecord
{
    /// <summary>The instance id.</summary>
    string Id { get; }

    void ApplyTo(PendingInstance pending);
}
