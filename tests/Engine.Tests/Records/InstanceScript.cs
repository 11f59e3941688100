using System.Globalization;
using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Engine.Instances.Records;
using Headgate.Storage.Log;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests.Records;

/// <summary>Makes sequences of records that the engine could write: numbers grow, and only queued events are taken.</summary>
internal static class InstanceScript
{
    private static readonly DateTimeOffset s_at = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static List<ILogRecord> Of(byte[] choices)
    {
        var records = new List<ILogRecord>();
        var queued = new List<(string Id, long Number)>();
        for (var number = 1; number <= choices.Length; number++)
            records.Add(One(number, choices[number - 1], queued));
        return records;
    }

    private static IInstanceRecord One(int number, byte choice, List<(string Id, long Number)> queued)
    {
        var pick = choice / 16;
        var id = $"i{pick % 3}";
        var text = number.ToString(CultureInfo.InvariantCulture);
        switch (choice % 8)
        {
            case 0:
                return Row(id, number, pick);
            case 1:
                return new InstanceProgress(id, OrchestrationRuntimeStatus.Running, s_at.AddSeconds(number), pick % 2 == 0 ? number : null);
            case 2:
                return new InstanceDeleted(id);
            case 3:
                return new TurnAdded(id, number, [1, 2, (byte)number]);
            case 4:
                return new HistoryCleared(id);
            case 5:
                queued.Add((id, number));
                return new EventQueued(id, new(number, pick, new EventRaised(number, "go", text)));
            case 6 when queued.Count > 0:
                var (of, taken) = queued[pick % queued.Count];
                queued.RemoveAt(pick % queued.Count);
                return new EventTaken(of, taken);
            default:
                return new InboxCleared(id);
        }
    }

    private static InstanceRow Row(string id, int number, int pick) => new()
    {
        Id = id,
        Name = "Main",
        Execution = number,
        Status = pick % 2 == 0 ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Failed,
        Created = s_at,
        Updated = s_at.AddSeconds(number),
        Due = pick % 3 == 0 ? InstanceRow.AtOnce : pick % 3 == 1 ? number : null,
        Input = pick % 4 == 0 ? null : $"in {number}",
        Output = pick % 4 == 1 ? "out" : null,
        CustomStatus = pick % 4 == 2 ? "half" : null,
        Failure = pick % 2 == 0 ? null : Failures.Named("Broken", $"at {number}"),
        Parent = pick % 4 == 3 ? new("parent", "Outer", number, number + 1) : null,
        Tags = pick % 5 == 0 ? new Dictionary<string, string> { ["a"] = "b" } : null,
    };
}
