using System.Runtime.InteropServices;

namespace Headgate.Core.Resources;

/// <summary>One attempt of one task.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResourceAttempt(string TaskId, int Attempt);

/// <summary>An attempt that uses the resource now.</summary>
/// <param name="Attempt">Which.</param>
/// <param name="Type">The task's.</param>
/// <param name="At">When it was let in, in whole milliseconds: with the attempt it tells one try to hand it out from another.</param>
public sealed record ResourceUser(ResourceAttempt Attempt, string Type, DateTimeOffset At);
