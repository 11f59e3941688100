using Headgate.Contracts.Agents;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Agents;

/// <summary>Reads a heartbeat and names everything that is wrong with it.</summary>
public static class HeartbeatReader
{
    private const int MaxDisks = 100;
    private const int MaxRunning = 1000;
    private static readonly TextRule ShortText = TextRule.Plain(50);
    private static readonly TextRule MountPath = TextRule.Plain(255);
    private static readonly TextRule TaskIdText = TextRule.Plain(200);

    public static HeartbeatRequest Read(ObjectReader body) => new(
        body.String("version", ShortText, required: true) ?? "",
        body.String("os", ShortText, required: true) ?? "",
        body.Number("uptimeSeconds", 0, double.MaxValue) ?? 0,
        body.Objects("disks", 0, MaxDisks)?.Select(Disk).ToList(),
        Running(body),
        body.Int("settingsVersion", 0, int.MaxValue),
        body.String("session", SessionHeader.Rule),
        Load(body),
        body.Bool("ended"));

    private static DiskReport Disk(ObjectReader body)
    {
        var disk = new DiskReport(
            body.String("mountPath", MountPath, required: true) ?? "",
            body.Long("freeBytes", 0, long.MaxValue, required: true) ?? 0,
            body.Long("totalBytes", 1, long.MaxValue, required: true) ?? 1);
        body.End();
        return disk;
    }

    private static List<RunningAttempt> Running(ObjectReader body)
    {
        var running = new List<RunningAttempt>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in body.Objects("running", 0, MaxRunning) ?? [])
        {
            var taskId = item.String("taskId", TaskIdText, required: true);
            var attempt = item.Int("attempt", 1, int.MaxValue, required: true);
            item.End();
            if (taskId is not null && !seen.Add(taskId))
                item.Problem("taskId", $"'{taskId}' is listed twice");
            else if (taskId is not null && attempt is not null)
                running.Add(new RunningAttempt(taskId, attempt.Value));
        }

        return running;
    }

    private static LoadReport? Load(ObjectReader body)
    {
        if (body.Object("load") is not { } load)
            return null;
        var report = new LoadReport(
            load.Number("cpuPercent", 0, 100_000),
            load.Number("memoryPercent", 0, 100),
            load.Int("freeSlots", 0, 1000));
        load.End();
        return report;
    }
}
