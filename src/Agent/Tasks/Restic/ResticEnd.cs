using System.Text.Json;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>How one call of restic ended.</summary>
/// <param name="Code">Null: it had to be killed.</param>
/// <param name="WasStopped">The task was told to stop before restic ended by itself.</param>
/// <param name="Error">What it said of its failure, from which the class is read: without names of files, which could be any text.</param>
/// <param name="Summary">Its last message of that kind.</param>
/// <param name="Warnings">What it could not do, of which the first are kept.</param>
internal sealed record ResticEnd(int? Code, bool WasStopped, string Error, string Log, JsonElement? Summary, WarningList Warnings)
{
    /// <summary>Done, but some of the source could not be read.</summary>
    public const int Incomplete = 3;

    /// <summary>What to report where it is not what the caller hoped for.</summary>
    public TaskOutcome Outcome() => Code is null || (WasStopped && Code != 0)
        ? new TaskOutcome.Interrupted(Log)
        : new TaskOutcome.Failed(ResticFailure.Category(Code.Value, Error), Message(), Code, Log);

    private string Message() => Error.Length > 0 ? Error : Warnings.Count > 0 ? string.Join('\n', Warnings.First) : $"restic: exit code {Code}";
}
