using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Reporting;

/// <summary>Keeps a result below what the service reads, whatever the escaping of its log makes of it.</summary>
internal static class ResultSize
{
    private const int MaxBytes = 128 * 1024;

    public static int Of(TaskResult result) => JsonSerializer.SerializeToUtf8Bytes(result, ContractJson.Default.TaskResult).Length;

    /// <summary>Halves the log, keeping its end, until the result fits.</summary>
    public static TaskResult Fit(TaskResult result)
    {
        while (result.Log is { Length: > 0 } log && Of(result) > MaxBytes)
            result = result with { Log = log[(log.Length - (log.Length / 2))..] };
        return result;
    }

    /// <summary>Without all that is free text: what remains is only how the attempt ended.</summary>
    public static TaskResult Bare(TaskResult result) => result with { Log = null, Output = null, ErrorMessage = result.ErrorMessage is null ? null : "(dropped: the service refused the text)" };
}
