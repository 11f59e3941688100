using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>The app refuses to start with these settings; the message lists every problem, one a line.</summary>
public sealed class InvalidSettingsException(Problems problems) : Exception($"The settings cannot be used:\n{problems}")
{
    public IReadOnlyList<Problem> Problems { get; } = problems.Items;

    /// <summary>A line for each problem. The Functions host takes a line of standard error for an error only if the word is in it.</summary>
    public void WriteTo(TextWriter errors)
    {
        foreach (var problem in Problems)
            errors.WriteLine($"Error: the setting {problem}");
    }
}
