using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks the context parameter of an orchestrator.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; null takes the function's.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Marks the input parameter of an activity.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; null takes the function's.</summary>
    public string? Activity { get; set; }
}

/// <summary>Marks a parameter that receives a <see cref="DurableTask.Client.DurableTaskClient"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The setting that holds the store's connection; null takes the app's own.</summary>
    public string? ConnectionName { get; set; }

    /// <summary>The task hub; null takes the one of host.json.</summary>
    public string? TaskHub { get; set; }
}
