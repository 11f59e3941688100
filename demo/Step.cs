namespace Headgate.Demo;

/// <summary>One claim of the demonstration.</summary>
/// <param name="Title">What is claimed.</param>
/// <param name="ProveAsync">Shows it and tells what was seen; throws <see cref="NotProvenException"/> where it is not so.</param>
internal sealed record Step(string Title, Func<Stage, CancellationToken, Task<string>> ProveAsync);
