using Headgate.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// The tables, out of order at times: out of reach, slow, without an answer though the change was made, or with a change cut short between
/// its batches. Messages on the way get lost, doubled, late and out of order.
/// </summary>
internal sealed class FaultyTables(Chance chance, StoreFaults faults) : ITableStore, IQueueSender
{
    private readonly Lock _gate = new();
    private readonly List<OutgoingMessage> _late = [];
    private ITableStore _tables = null!;
    private IQueueSender _queue = null!;
    private int _copies;

    /// <summary>One operation in so many meets a fault; 0: none does.</summary>
    public int OneIn { get; set; }

    /// <summary>Whether every message gets lost.</summary>
    public bool LosesMessages { get; set; }

    /// <summary>Takes the place of the ports that are registered.</summary>
    public void Replace(IServiceCollection services)
    {
        var tables = services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationFactory!;
        _queue = (IQueueSender)services.Last(service => service.ServiceType == typeof(IQueueSender)).ImplementationInstance!;
        services.AddSingleton<ITableStore>(provider =>
        {
            _tables = (ITableStore)tables(provider);
            return this;
        });
        services.AddSingleton<IQueueSender>(this);
    }

    public async ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        return await _tables.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public async ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        return await _tables.QueryAsync(query, cancellationToken);
    }

    public async ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        if (faults.CutsChanges && change.Batches.Count > 1 && Strikes())
        {
            var kept = chance.Between(1, change.Batches.Count - 1);
            await _tables.SubmitAsync(new TableChange([.. change.Batches.Take(kept)], []), cancellationToken);
            throw Gone();
        }

        var outcome = await _tables.SubmitAsync(change with { Messages = [.. change.Messages.SelectMany(Disturbed)] }, cancellationToken);
        if (faults.LosesAnswers && Strikes())
            throw Gone();
        return outcome;
    }

    public async ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        await ReachAsync();
        foreach (var each in Disturbed(message))
            await _queue.SendAsync(each, cancellationToken);
    }

    /// <summary>What was held back comes, in another order.</summary>
    public async ValueTask DeliverLateAsync()
    {
        OutgoingMessage[] late;
        lock (_gate)
        {
            late = chance.Shuffled(_late);
            _late.Clear();
        }

        foreach (var message in late)
            await _queue.SendAsync(message);
    }

    private static StoreUnavailableException Gone() => new("The store is out of reach.", retryAfter: TimeSpan.FromSeconds(1));

    private bool Strikes() => OneIn > 0 && chance.OneIn(OneIn);

    private async ValueTask ReachAsync()
    {
        if (faults.IsSlow && Strikes())
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(chance.Between(1, 12)));
            await pause.WaitForNextTickAsync();
        }

        if (faults.GoesAway && Strikes())
            throw Gone();
    }

    private IEnumerable<OutgoingMessage> Disturbed(OutgoingMessage message)
    {
        if (LosesMessages)
            return [];
        if (!faults.DisturbsMessages || !Strikes())
            return [message];
        switch (chance.Between(1, 3))
        {
            case 1:
                return [];
            case 2:
                return [message, message with { MessageId = $"{message.MessageId}:copy{Interlocked.Increment(ref _copies)}" }];
            default:
                lock (_gate)
                    _late.Add(message);
                return [];
        }
    }
}

/// <param name="GoesAway">Operations fail before they do anything.</param>
/// <param name="LosesAnswers">Changes are made, and the caller is told that the store failed.</param>
/// <param name="CutsChanges">Changes of several batches end between two of them, as they may where each batch is a transaction of its own.</param>
/// <param name="DisturbsMessages">Messages get lost, doubled, late and out of order.</param>
internal sealed record StoreFaults(bool GoesAway, bool LosesAnswers, bool IsSlow, bool CutsChanges, bool DisturbsMessages)
{
    public static StoreFaults Of(Chance chance) => new(!chance.OneIn(4), !chance.OneIn(3), chance.OneIn(2), chance.OneIn(3), chance.OneIn(2));
}
