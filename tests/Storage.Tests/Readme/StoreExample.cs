using Headgate.Ports;

namespace Headgate.Storage.Tests.Readme;

/// <summary>The example of src/Storage/README.md.</summary>
internal static class StoreExample
{
    public static async Task<int> RunAsync(string folder)
    {
        var orders = (Table)100;
        await using var store = EmbeddedStore.Open(
            folder, TimeProvider.System, failed: problem => Environment.FailFast("The disk refused a write.", problem));

        // A row and the message that tells of it: both or neither.
        var row = new TableRow("customer-7", "order-1", new() { ["state"] = "new", ["total"] = 120 });
        var inserted = await store.Tables.SubmitAsync(new(
            [new TableBatch(orders, TableWrite.Insert(row))],
            [new OutgoingMessage("invoices", "order-1", "{\"order\":\"order-1\"}"u8.ToArray())]));
        if (inserted.Conflict is { } conflict)
            throw new InvalidOperationException($"The order {conflict.Kind}.");

        // Decided and readable already; on disk after this. One wait may stand for many changes.
        await store.Log.FlushedAsync();

        // Locked for us until we complete it, give it back, or are silent for too long.
        var message = await store.Queue.ReceiveAsync("invoices", CancellationToken.None);
        var read = (await store.Tables.GetAsync(orders, "customer-7", message.MessageId))!;
        var invoiced = new Columns(read.Columns) { ["state"] = "invoiced" };

        // Replaced only if it is still the row that was read.
        var replaced = await store.Tables.SubmitAsync(new(new TableBatch(orders, TableWrite.Replace(read.With(invoiced)))));
        if (replaced.Succeeded)
            store.Queue.Complete(message);
        await store.Log.FlushedAsync();
        return read.Columns.Int("total") ?? 0;
    }
}
