using Headgate.Core.Validation;

namespace Headgate.LocalHost.Options;

/// <summary>The service must not start like this. Carries every problem found.</summary>
public sealed class StartRefusedException(IReadOnlyList<Problem> problems)
    : Exception($"The service cannot start:\n{string.Join('\n', problems.Select(problem => $"  {problem}"))}")
{
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
