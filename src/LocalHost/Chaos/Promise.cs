namespace Headgate.LocalHost.Chaos;

/// <summary>Something that the service promises, and how often it was looked at. Safe for concurrent use.</summary>
internal sealed class Promise(string text)
{
    private const int MostKept = 5;

    private readonly Lock _gate = new();
    private readonly List<string> _broken = [];

    public string Text => text;

    public int Checks { get; private set; }

    public int Breaches { get; private set; }

    /// <summary>The first few.</summary>
    public IReadOnlyList<string> Broken => _broken;

    /// <param name="broken">What one saw where it does not hold.</param>
    public void Check(bool holds, Func<string> broken)
    {
        lock (_gate)
        {
            Checks++;
            if (holds)
                return;
            Breaches++;
            if (_broken.Count < MostKept)
                _broken.Add(broken());
        }
    }
}
