#nullable disable // The package carries no nullable annotations.

using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>
/// One table. A refusal is a <see cref="RequestFailedException"/> with the server's code and request id, except that a row to be read or
/// deleted may be missing. Failures that may pass are tried again by the pipeline; the caller can't tell, so a write that
/// failed on its condition may be one whose earlier try succeeded.
/// </summary>
public class TableClient
{
    private readonly TableWire _wire;
    private readonly string _name;

    internal TableClient(TableWire wire, string name) => (_wire, _name) = (wire, name);

    protected TableClient()
    {
    }

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _wire.CreateTable(_name);
        var response = await _wire.SendAsync(message, cancellationToken);
        if (response.IsError)
        {
            var failure = TableFailure.Of(response);
            if (failure.ErrorCode != "TableAlreadyExists")
                throw failure;
        }

        return Response.FromValue(new TableItem(_name), response);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using var message = _wire.Entity(_name, RequestMethod.Get, partitionKey, rowKey, select: select);
        var response = await _wire.SendAsync(message, cancellationToken);
        if (response.Status == 404)
            return new NoEntity<T>(response);
        TableFailure.ThrowIfError(response);
        return Response.FromValue(EntityReader.One<T>(response), response);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new EntityPages<T>(_wire, _name, filter, maxPerPage, select, cancellationToken);

    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = _wire.Insert(_name, entity);
        return TableFailure.ThrowIfError(await _wire.SendAsync(message, cancellationToken));
    }

    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default)
            throw new ArgumentException("An update needs the ETag that was read, or ETag.All.", nameof(ifMatch));
        using var message = _wire.Write(_name, entity, mode, ifMatch);
        return TableFailure.ThrowIfError(await _wire.SendAsync(message, cancellationToken));
    }

    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = _wire.Write(_name, entity, mode, default);
        return TableFailure.ThrowIfError(await _wire.SendAsync(message, cancellationToken));
    }

    /// <summary>A row that is missing is no failure: the response has status 404.</summary>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        using var message = _wire.Entity(_name, RequestMethod.Delete, partitionKey, rowKey, ifMatch == default ? ETag.All : ifMatch);
        var response = await _wire.SendAsync(message, cancellationToken);
        return response.Status == 404 ? response : TableFailure.ThrowIfError(response);
    }

    /// <exception cref="TableTransactionFailedException">The server refused; nothing was applied.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
            throw new InvalidOperationException("A transaction has at least one action.");
        using var message = _wire.Transaction(_name, actions);
        var response = await _wire.SendAsync(message, cancellationToken);
        if (response.IsError)
            throw new TableTransactionFailedException(TableFailure.Of(response));
        return Response.FromValue(TransactionAnswer.Read(response, actions.Count), response);
    }
}
