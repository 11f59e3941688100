using Headgate.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.TestKit;

/// <summary>Tables that can be cut off and joined again.</summary>
public sealed class BreakableTables : ITableStore
{
    private ITableStore _inner = null!;

    public bool IsCutOff { get; set; }

    /// <summary>The one that cannot be written to; null: none.</summary>
    public Table? IsReadOnly { get; set; }

    /// <summary>Takes the place of the tables that are registered.</summary>
    public void Replace(IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationFactory!;
        services.AddSingleton<ITableStore>(provider =>
        {
            _inner = (ITableStore)registered(provider);
            return this;
        });
    }

    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default) =>
        Reach().GetAsync(table, partitionKey, rowKey, cancellationToken);

    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default) => Reach().QueryAsync(query, cancellationToken);

    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default) =>
        change.Batches.Any(batch => batch.Table == IsReadOnly) ? throw Gone() : Reach().SubmitAsync(change, cancellationToken);

    private ITableStore Reach() => IsCutOff ? throw Gone() : _inner;

    private static StoreUnavailableException Gone() => new("Cut off.", retryAfter: TimeSpan.FromSeconds(7));
}
