using Headgate.Core.Validation;

namespace Headgate.Core.Runs;

/// <summary>Checks a run's graph: unique names, needs that exist, no cycle.</summary>
public static class TaskGraph
{
    public const int MaxTasks = 200;

    /// <param name="tasks">Names and needs, in the order submitted; an invalid name is given as empty.</param>
    /// <param name="problems">Gets every problem, with its task's path.</param>
    /// <param name="path">Where the tasks stand in what was submitted.</param>
    public static void Check(IReadOnlyList<(string Name, IReadOnlyList<string> Needs)> tasks, Problems problems, string path = "tasks")
    {
        if (tasks is [{ Needs.Count: 0 }])
            return;
        var places = new Dictionary<string, int>(tasks.Count, StringComparer.Ordinal);
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].Name.Length > 0 && !places.TryAdd(tasks[i].Name, i))
                problems.Add($"{path}[{i}].name", $"'{tasks[i].Name}' is already the name of {path}[{places[tasks[i].Name]}]");
        }

        var open = new int[tasks.Count];
        var dependents = new List<int>[tasks.Count];
        for (var i = 0; i < tasks.Count; i++)
            CheckNeeds(tasks, i, places, open, dependents, problems, path);

        var cyclic = Unsorted(open, dependents);
        if (cyclic.Count > 0)
            problems.Add(path, $"these tasks need each other in a circle: {string.Join(", ", Names(tasks, cyclic.Take(10)))}");
    }

    private static IEnumerable<string> Names(IReadOnlyList<(string Name, IReadOnlyList<string> Needs)> tasks, IEnumerable<int> places) =>
        places.Select(place => tasks[place].Name);

    private static void CheckNeeds(
        IReadOnlyList<(string Name, IReadOnlyList<string> Needs)> tasks,
        int task,
        Dictionary<string, int> places,
        int[] open,
        List<int>[] dependents,
        Problems problems,
        string path)
    {
        var needs = tasks[task].Needs;
        var seen = new HashSet<string>(needs.Count, StringComparer.Ordinal);
        for (var n = 0; n < needs.Count; n++)
        {
            var need = needs[n];
            if (!seen.Add(need))
            {
                problems.Add($"{path}[{task}].needs[{n}]", $"'{need}' is listed twice");
            }
            else if (!places.TryGetValue(need, out var place))
            {
                var near = NearestName.Of(need, places.Keys);
                problems.Add($"{path}[{task}].needs[{n}]", $"no task is named '{need}'" + (near is null ? "" : $"; did you mean '{near}'?"));
            }
            else
            {
                open[task]++;
                (dependents[place] ??= []).Add(task);
            }
        }
    }

    // Kahn's algorithm: what can't be sorted is in a cycle or depends on one.
    private static List<int> Unsorted(int[] open, List<int>[] dependents)
    {
        var ready = new Queue<int>(open.Length);
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i] == 0)
                ready.Enqueue(i);
        }

        var sorted = new bool[open.Length];
        while (ready.TryDequeue(out var task))
        {
            sorted[task] = true;
            foreach (var dependent in dependents[task] ?? [])
            {
                if (--open[dependent] == 0)
                    ready.Enqueue(dependent);
            }
        }

        return [.. Enumerable.Range(0, open.Length).Where(i => !sorted[i])];
    }
}
