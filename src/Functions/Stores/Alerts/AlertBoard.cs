using Headgate.Ports;

namespace Headgate.Functions.Stores.Alerts;

/// <summary>All rows of alerts at a moment.</summary>
public sealed class AlertBoard
{
    private readonly Dictionary<string, StoredAlert> _alerts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReceiverRecord> _receivers = new(StringComparer.Ordinal);
    private readonly List<PendingNotification> _pending = [];
    private readonly List<AlertMinute> _minutes = [];

    private AlertBoard()
    {
    }

    /// <summary>Null where no process of several has evaluated yet, and where one is alone.</summary>
    public AlertRound? Round { get; private set; }

    /// <summary>The oldest of each receiver first.</summary>
    public IReadOnlyList<PendingNotification> Pending => _pending;

    public IReadOnlyList<AlertMinute> Minutes => _minutes;

    /// <summary>Of every alert that has a row.</summary>
    public IEnumerable<string> RuleIds => _alerts.Keys;

    /// <summary>Of every receiver that has a row.</summary>
    public IEnumerable<string> ReceiverNames => _receivers.Keys;

    public StoredAlert Alert(string ruleId) => _alerts.GetValueOrDefault(ruleId) ?? StoredAlert.New(ruleId);

    public ReceiverRecord Receiver(string name) => _receivers.GetValueOrDefault(name) ?? new(name);

    public static async ValueTask<AlertBoard> ReadAsync(ITableStore tables, CancellationToken cancellationToken)
    {
        var board = new AlertBoard();
        var query = new TableQuery(Table.Tenants, RowKeys.Alerts);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                board.Take(row);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return board;
    }

    private void Take(TableRow row)
    {
        if (row.RowKey == RowKeys.AlertRound)
            Round = AlertRound.Read(row);
        else if (row.RowKey.StartsWith(RowKeys.AlertRulePrefix, StringComparison.Ordinal))
            _alerts[row.RowKey[RowKeys.AlertRulePrefix.Length..]] = StoredAlert.Read(row);
        else if (row.RowKey.StartsWith(RowKeys.AlertMinutePrefix, StringComparison.Ordinal))
            _minutes.Add(AlertMinute.Read(row));
        else if (row.RowKey.StartsWith(RowKeys.AlertMessagePrefix, StringComparison.Ordinal))
            _pending.Add(PendingNotification.Read(row));
        else if (row.RowKey.StartsWith(RowKeys.AlertReceiverPrefix, StringComparison.Ordinal))
            _receivers[row.RowKey[RowKeys.AlertReceiverPrefix.Length..]] = ReceiverRecord.Read(row);
    }
}
