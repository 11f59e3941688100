using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function runs on a schedule.</summary>
/// <param name="schedule">Six-field NCRONTAB, or the name of a setting between percent signs.</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Also run once when the host starts; false unless set.</summary>
    public bool RunOnStartup { get; set; }
}
