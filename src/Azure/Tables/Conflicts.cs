using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Headgate.Ports;

namespace Headgate.Azure.Tables;

/// <summary>Which of the server's refusals are lost races, and whose.</summary>
internal static class Conflicts
{
    public static bool IsTableMissing(RequestFailedException failure) => Is(failure, TableErrorCode.TableNotFound);

    /// <summary>Null where the refusal is about something else than the state of a row.</summary>
    public static ConflictKind? Kind(RequestFailedException failure) =>
        Is(failure, TableErrorCode.EntityAlreadyExists) ? ConflictKind.Exists
        : Is(failure, TableErrorCode.UpdateConditionNotSatisfied) || failure.Status == 412 ? ConflictKind.Changed
        : Is(failure, TableErrorCode.ResourceNotFound) ? ConflictKind.Missing
        : null;

    /// <summary>The place, among the actions sent, of the one at fault; null where the server does not say.</summary>
    public static int? Index(RequestFailedException failure, int sent) =>
        sent == 1 ? 0 : (failure as TableTransactionFailedException)?.FailedTransactionActionIndex is { } index && index < sent ? index : null;

    public static bool Is(RequestFailedException failure, TableErrorCode code) => new TableErrorCode(failure.ErrorCode ?? "").Equals(code);
}
