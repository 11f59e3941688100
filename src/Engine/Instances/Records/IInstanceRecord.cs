using Headgate.Storage.Log;

namespace Headgate.Engine.Instances.Records;

/// <summary>Something that can happen to one orchestration on disk.</summary>
internal interface IInstanceRecord : ILogRecord
{
    /// <summary>Which orchestration.</summary>
    string Id { get; }

    /// <summary>Has what is left to write of the orchestration follow.</summary>
    void ApplyTo(PendingInstance pending);
}
