using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>Recognizes the server's refusals that are conflicts.</summary>
internal static class Conflicts
{
    public static bool IsTableMissing(RequestFailedException failure) => Is(failure, TableErrorCode.TableNotFound);

    /// <summary>Null if the refusal is not about a row's state.</summary>
    public static ConflictKind? Kind(RequestFailedException failure) =>
        Is(failure, TableErrorCode.EntityAlreadyExists) ? ConflictKind.Exists
        : Is(failure, TableErrorCode.UpdateConditionNotSatisfied) || failure.Status == 412 ? ConflictKind.Changed
        : Is(failure, TableErrorCode.ResourceNotFound) ? ConflictKind.Missing
        : null;

    /// <summary>Index of the failed action among those sent; null if the server doesn't say.</summary>
    public static int? Index(RequestFailedException failure, int sent) =>
        sent == 1 ? 0 : (failure as TableTransactionFailedException)?.FailedTransactionActionIndex is { } index && index < sent ? index : null;

    public static bool Is(RequestFailedException failure, TableErrorCode code) => new TableErrorCode(failure.ErrorCode ?? "").Equals(code);
}
