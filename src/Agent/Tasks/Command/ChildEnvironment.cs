using Headgate.Agent.Options;

namespace Headgate.Agent.Tasks.Command;

/// <summary>The variables of a child: those that the owner named, nothing else.</summary>
internal sealed class ChildEnvironment
{
    private readonly Dictionary<string, string> _fixed = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _fromTask;

    public ChildEnvironment(ChildEnvironmentOptions options, Func<string, string?> variable)
    {
        _fromTask = options.FromTask;
        foreach (var name in options.Pass)
        {
            if (variable(name) is { } value)
                _fixed[name] = value;
        }

        foreach (var (name, value) in options.Set)
            _fixed[name] = value;
    }

    /// <summary>Null when the task may set all of these, else why not.</summary>
    public string? Refusal(IReadOnlyDictionary<string, string> fromTask)
    {
        var refused = fromTask.Keys.Where(name => !_fromTask.Contains(name)).Order(StringComparer.Ordinal).ToList();
        return refused.Count == 0 ? null : $"this agent does not let tasks set {string.Join(", ", refused)} (environment.fromTask)";
    }

    public void Fill(IDictionary<string, string?> target, IReadOnlyDictionary<string, string> fromTask, string marker)
    {
        target.Clear();
        foreach (var (name, value) in _fixed)
            target[name] = value;
        foreach (var (name, value) in fromTask)
            target[name] = value;
        target[ProcessTree.MarkerVariable] = marker;
    }
}
