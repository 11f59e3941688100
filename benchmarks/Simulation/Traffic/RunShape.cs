using System.Text.Json;
using Headgate.Contracts.Runs;
using Headgate.Simulation.Clockwork;

namespace Headgate.Simulation.Traffic;

/// <summary>Draws what a tenant submits: one to five tasks, of which later ones may need earlier ones.</summary>
internal static class RunShape
{
    private static readonly int?[] Budgets = [null, 0, 1, 5];

    public static SubmitRunRequest Draw(string name, RandomStream chance)
    {
        var tasks = new TaskRequest[1 + chance.Weighted(40, 25, 15, 12, 8)];
        for (var i = 0; i < tasks.Length; i++)
        {
            var kind = TaskKind.All[chance.Weighted(35, 20, 25, 15, 5)];
            string[] needs = i > 0 && chance.Chance(0.7) ? [tasks[chance.Between(0, i - 1)].Name] : [];
            tasks[i] = new(
                $"{kind.Type}-{i + 1}",
                kind.Type,
                needs,
                TimeoutSeconds: kind.TimeoutSeconds,
                MaxRetries: Budgets[chance.Weighted(70, 10, 10, 10)],
                Payload: JsonSerializer.SerializeToElement(new TaskPayload((long)(chance.NextBits() >> 12)), SimulationJson.Default.TaskPayload));
        }

        return new(name, tasks, chance.Weighted(70, 10, 20) switch { 0 => "normal", 1 => "high", _ => "low" });
    }
}

/// <summary>What a task carries to its agent.</summary>
/// <param name="Draw">Decides what becomes of its attempts.</param>
internal sealed record TaskPayload(long Draw);
