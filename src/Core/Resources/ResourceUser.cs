using System.Runtime.InteropServices;

namespace Headgate.Core.Resources;

/// <summary>An attempt of a task that names the resource.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">The attempt's number, from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResourceAttempt(string TaskId, int Attempt);

/// <summary>An attempt that uses the resource now.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Type">The task's type.</param>
/// <param name="At">When it was admitted, in whole milliseconds; tells repeated hand-outs of one attempt apart.</param>
public sealed record ResourceUser(ResourceAttempt Attempt, string Type, DateTimeOffset At);
