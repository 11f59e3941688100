#nullable disable // The package carries no nullable annotations.

using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A batch of which nothing was applied.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException) =>
        FailedTransactionActionIndex = IndexIn(requestFailedException.Message);

    /// <summary>The place of the action at fault; null where the server names none.</summary>
    public int? FailedTransactionActionIndex { get; }

    /// <summary>The server writes the place before its sentence: <c>3:The specified entity already exists.</c></summary>
    private static int? IndexIn(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
