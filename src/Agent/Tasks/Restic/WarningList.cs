namespace Headgate.Agent.Tasks.Restic;

/// <summary>Counts what is told, and keeps the first of it.</summary>
internal sealed class WarningList
{
    private const int Most = 20;
    private const int LongestText = 300;

    private readonly List<string> _first = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> First => _first;

    public void Add(string text)
    {
        Count++;
        if (_first.Count < Most)
            _first.Add(text.Length > LongestText ? $"{text.AsSpan(0, LongestText)}…" : text);
    }
}
