using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>The app refuses to start with these settings; the message lists every problem, one a line.</summary>
public sealed class InvalidSettingsException(Problems problems) : Exception($"The settings cannot be used:\n{problems}")
{
    public IReadOnlyList<Problem> Problems { get; } = problems.Items;
}
