using System.Reflection;
using Headgate.Engine;
using Headgate.Engine.Client;
using Headgate.Engine.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Headgate.Engine.Tests;

/// <summary>Every virtual member of the published classes is overridden, or is listed here with the reason why not.</summary>
public sealed class PublishedMembersTests
{
    private const string CallsAnother = "calls one that is overridden";

    private static readonly Dictionary<string, string> LeftAlone = new(StringComparer.Ordinal)
    {
        ["DurableTaskClient.GetInstanceAsync(String, Boolean, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.GetInstanceAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.GetInstancesAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.PurgeAllInstancesAsync(PurgeInstancesFilter, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.PurgeInstanceAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.RaiseEventAsync(String, String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.ResumeInstanceAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.ScheduleNewOrchestrationInstanceAsync(TaskName, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.ScheduleNewOrchestrationInstanceAsync(TaskName, Object, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.ScheduleNewOrchestrationInstanceAsync(TaskName, StartOrchestrationOptions, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.SuspendInstanceAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.TerminateInstanceAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.TerminateInstanceAsync(String, Object, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.WaitForInstanceCompletionAsync(String, CancellationToken)"] = CallsAnother,
        ["DurableTaskClient.WaitForInstanceStartAsync(String, CancellationToken)"] = CallsAnother,
        ["TaskActivityContext.get_Version()"] = "is empty: versions are refused",
        ["TaskOrchestrationContext.CallActivityAsync(TaskName, Object, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CallActivityAsync(TaskName, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CallActivityAsync<TResult>(TaskName, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CallSubOrchestratorAsync(TaskName, Object, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CallSubOrchestratorAsync(TaskName, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CallSubOrchestratorAsync<TResult>(TaskName, TaskOptions)"] = CallsAnother,
        ["TaskOrchestrationContext.CompareVersionTo(String)"] = "compares with no version: versions are refused",
        ["TaskOrchestrationContext.CreateReplaySafeLogger(String)"] = CallsAnother,
        ["TaskOrchestrationContext.CreateReplaySafeLogger(Type)"] = CallsAnother,
        ["TaskOrchestrationContext.CreateReplaySafeLogger<T>()"] = CallsAnother,
        ["TaskOrchestrationContext.CreateTimer(TimeSpan, CancellationToken)"] = CallsAnother,
        ["TaskOrchestrationContext.get_Properties()"] = "is empty: this engine has no settings for orchestrators",
        ["TaskOrchestrationContext.get_ReplaySafeLoggerFactory()"] = CallsAnother,
        ["TaskOrchestrationContext.get_Version()"] = "is empty: versions are refused",
    };

    [Fact]
    public void Members_OfThePublishedClasses_AreOverriddenOrNamedHere() => Assert.Equal(
        LeftAlone.Keys.Order(StringComparer.Ordinal),
        NotOverridden(typeof(DurableTaskClient), typeof(LocalDurableClient))
            .Concat(NotOverridden(typeof(TaskOrchestrationContext), typeof(ReplayContext)))
            .Concat(NotOverridden(typeof(TaskActivityContext), typeof(ActivityInvocation)))
            .Order(StringComparer.Ordinal));

    private static IEnumerable<string> NotOverridden(Type published, Type ours) =>
        from method in ours.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where method.IsVirtual && !method.IsFinal && method.DeclaringType == published
        let types = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(type => type.Name))}>" : ""
        select $"{published.Name}.{method.Name}{types}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
