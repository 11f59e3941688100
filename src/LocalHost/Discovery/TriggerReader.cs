using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Headgate.LocalHost.Discovery;

/// <summary>Reads what triggers a method from the attributes of its parameters.</summary>
internal sealed class TriggerReader(SettingReferences settings, Problems problems)
{
    /// <summary>The trigger and its parameter; null, with a problem, where the method has none, several or an unknown one.</summary>
    public (Trigger Trigger, ParameterInfo Parameter)? Read(string function, MethodInfo method)
    {
        var found = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Attribute: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(pair => pair.Attribute is not null)
            .ToArray();
        if (found.Length != 1)
        {
            problems.Add(function, $"needs exactly one trigger, has {found.Length}");
            return null;
        }

        var (parameter, attribute) = found[0];
        return Trigger(function, attribute!) is { } trigger ? (trigger, parameter) : null;
    }

    private Trigger? Trigger(string function, TriggerBindingAttribute attribute) => attribute switch
    {
        HttpTriggerAttribute http => new Trigger.Http(
            (http.Route ?? function).Trim('/'),
            [.. (http.Methods ?? []).Select(verb => verb.ToUpperInvariant())]),
        ServiceBusTriggerAttribute { QueueName: { } name, AutoCompleteMessages: true, IsBatched: false, IsSessionsEnabled: false } =>
            settings.Resolve(name, function) is { } queue ? new Trigger.Queue(queue) : null,
        ServiceBusTriggerAttribute => Refuse(function, "of Service Bus only a queue is served, one message at a time, completed when the function returns"),
        TimerTriggerAttribute timer => Timer(function, settings.Resolve(timer.Schedule, function)),
        OrchestrationTriggerAttribute orchestration => new Trigger.Orchestration(orchestration.Orchestration ?? function),
        ActivityTriggerAttribute activity => new Trigger.Activity(activity.Activity ?? function),
        _ => Refuse(function, $"the trigger {attribute.GetType().Name} is not supported"),
    };

    private Trigger? Timer(string function, string? schedule) =>
        schedule is null ? null
        : CronSchedule.TryParse(schedule) is { } parsed ? new Trigger.Timer(parsed)
        : Refuse(function, $"'{schedule}' is not a schedule of six fields: second, minute, hour, day, month, day of week");

    private Trigger? Refuse(string function, string message)
    {
        problems.Add(function, message);
        return null;
    }
}
