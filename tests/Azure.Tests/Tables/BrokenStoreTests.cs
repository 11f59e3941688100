using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Headgate.Azure.Tables;
using Headgate.Azure.Tests.Wire;
using Headgate.Conformance;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.Tables;

/// <summary>Every failure of the server becomes one exception that says what happened and when to retry.</summary>
public sealed class BrokenStoreTests : IDisposable
{
    private const string Connection = "AccountName=acc;AccountKey=a2V5;TableEndpoint=https://tables.test";
    private static readonly TableRow s_row = new("p", "r", new() { ["value"] = 1 });
    private readonly StubServer _server = new();
    private readonly StoreRig _rig;

    public BrokenStoreTests() => _rig = new(Connection, Quick);

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(403, "AuthenticationFailed")]
    [InlineData(400, "InvalidInput")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(500, "OperationTimedOut")]
    [InlineData(503, "ServerBusy")]
    public async Task Refusals_OfAnyKind_NameStatusCodeAndRequest(int status, string code)
    {
        _server.Answer(status, code);

        foreach (var call in Calls(_rig))
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(call);
            Assert.Contains($"Status {status}, code {code}, request id {StubServer.Id}.", failure.Message, StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(5), failure.RetryAfter);
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Refusals_Transient_AreTriedAgain(int status)
    {
        _server.Answer(status, "ServerBusy").Answer(status).Answer(204, headers: ("ETag", "W/\"x\""));

        Assert.True((await Submit()).Succeeded);
        Assert.Equal(3, _rig.Trips.Count);
    }

    [Fact]
    public async Task Refusal_LongRetryAfter_IsReportedAtOnce()
    {
        using var rig = new StoreRig(Connection, options => options.Transport = _server.Transport);
        _server.Answer(429, "TooManyRequests", headers: ("Retry-After", "120"));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Store.GetAsync(Table.Keys, "p", "r"));

        Assert.Equal((TimeSpan.FromMinutes(2), 1), (failure.RetryAfter, rig.Trips.Count));
    }

    [Fact]
    public async Task Silence_OfTheServer_EndsAtTheTimeout()
    {
        using var rig = new StoreRig(Connection, options =>
        {
            Quick(options);
            options.Retry.NetworkTimeout = TimeSpan.FromMilliseconds(20);
        });
        _server.Silence();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Store.GetAsync(Table.Keys, "p", "r"));
    }

    [Fact]
    public async Task Silence_LongerThanACallMayTake_EndsTheCall()
    {
        using var rig = new StoreRig(Connection, options =>
        {
            Quick(options);
            options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        });
        _server.Silence();

        var calls = Calls(rig).Select(call => Assert.ThrowsAsync<StoreUnavailableException>(call).WaitAsync(Patience.Limit));

        Assert.All(await Task.WhenAll(calls), failure => Assert.Contains("in time", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_IsNotAnOutage()
    {
        using var cancelled = new CancellationTokenSource();
        _server.Then(async token =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null!;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _rig.Store.GetAsync(Table.Keys, "p", "r", cancelled.Token));
    }

    [Fact]
    public async Task Connection_ThatBreaks_IsTriedAgainAndThenGivenUp()
    {
        _server.Break();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _rig.Store.GetAsync(Table.Keys, "p", "r"));

        Assert.Equal(4, _rig.Trips.Count);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsAskedForAgain()
    {
        _server.HalfAnswer().Answer(200, body: """{"odata.etag":"W/\"x\"","PartitionKey":"p","RowKey":"r","value":7}""");

        Assert.Equal(7, (await _rig.Store.GetAsync(Table.Keys, "p", "r"))!.Columns.Int("value"));
    }

    [Theory]
    [InlineData("{\"PartitionKey\":\"p\",\"Row")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public async Task Answer_ThatIsNotARow_IsUnreadable(string body)
    {
        _server.Answer(200, body: body);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _rig.Store.GetAsync(Table.Keys, "p", "r"));
    }

    [Fact]
    public async Task BatchAnswer_WithPartsMissing_IsUnknown()
    {
        _server.Answer(202, body: "--x\r\n\r\nHTTP/1.1 204 No Content\r\nETag: W/\"x\"\r\n\r\n");

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _rig.Store.SubmitAsync(
            new(new TableBatch(Table.Keys, TableWrite.Upsert(s_row), TableWrite.Upsert(s_row with { RowKey = "s" })))));
    }

    [Fact]
    public async Task Token_ThatHasExpired_IsRefusedWithItsRequest()
    {
        using var rig = WithToken(() => new AccessToken("old", DateTimeOffset.UtcNow.AddHours(1)));
        _server.Answer(401, "InvalidAuthenticationInfo");

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Store.GetAsync(Table.Keys, "p", "r"));

        Assert.Contains($"Status 401, code InvalidAuthenticationInfo, request id {StubServer.Id}", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Bearer old", _server.Requests[0].Headers["Authorization"]);
    }

    [Fact]
    public async Task Token_NotAvailable_IsAnOutage()
    {
        using var rig = WithToken(() => throw new AuthenticationFailedException("No one is signed in."));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Store.GetAsync(Table.Keys, "p", "r"));
        Assert.Empty(_server.Requests);
    }

    private static IEnumerable<Func<Task>> Calls(StoreRig rig)
    {
        yield return async () => await rig.Store.GetAsync(Table.Keys, "p", "r");
        yield return async () => await rig.Store.QueryAsync(new(Table.Keys, "p"));
        yield return async () => await rig.Store.SubmitAsync(new(new TableBatch(Table.Keys, TableWrite.Insert(s_row))));
        yield return async () => await rig.Store.SubmitAsync(new(new TableBatch(Table.Keys, TableWrite.Upsert(s_row), TableWrite.Upsert(s_row with { RowKey = "s" }))));
    }

    [Fact]
    public async Task Submit_QueueFailsInAnyWay_AppliesTheChange()
    {
        _server.Answer(204, headers: ("ETag", "W/\"x\""));
        _rig.Sending = () => Task.FromException(new InvalidOperationException("not foreseen"));

        var outcome = await _rig.Store.SubmitAsync(new([new TableBatch(Table.Keys, TableWrite.Insert(s_row))], [new("runs", "m1", "{}"u8.ToArray())]));

        Assert.True(outcome.Succeeded);
        Assert.Single(_rig.Sent);
    }

    [Fact]
    public async Task Submit_SeveralMessages_DoNotWaitForEachOther()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer(204, headers: ("ETag", "W/\"x\""));
        _rig.Sending = () =>
        {
            if (_rig.Sent.Count == 2)
                answer.SetResult();
            return answer.Task;
        };
        var message = new OutgoingMessage("runs", "m1", "{}"u8.ToArray());

        var submitting = _rig.Store.SubmitAsync(new([new TableBatch(Table.Keys, TableWrite.Insert(s_row))], [message, message with { MessageId = "m2" }])).AsTask();

        Assert.True((await submitting.WaitAsync(Patience.Limit)).Succeeded);
    }

    private async Task<ChangeOutcome> Submit() => await _rig.Store.SubmitAsync(new(new TableBatch(Table.Keys, TableWrite.Insert(s_row))));

    private void Quick(TableClientOptions options)
    {
        options.Transport = _server.Transport;
        options.RetryPolicy = new RetryPolicy(3, DelayStrategy.CreateFixedDelayStrategy(TimeSpan.FromMilliseconds(1)));
    }

    private StoreRig WithToken(Func<AccessToken> token) =>
        new(services => services.AddAzureTables(new Uri("https://tables.test"), DelegatedTokenCredential.Create((_, _) => token()), Quick));
}

/// <summary>Failures on a real server.</summary>
[Collection(AzuriteTests.Name)]
public sealed class WrongKeyTests(AzuriteFixture fixture)
{
    [SuiteFact]
    public async Task Reads_WithAWrongKey_AreRefusedWithTheServersRequestId()
    {
        using var rig = new StoreRig(fixture.Server.ConnectionStringWith("d3Jvbmc="));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rig.Store.GetAsync(Table.Keys, "p", "r"));

        Assert.Matches("Status 403, code \\w+, request id [0-9a-f-]{36}", failure.Message);
    }

    [SuiteFact]
    public async Task Reads_OfAMissingTable_FindNothingAndDoNotCreateIt()
    {
        using var rig = new StoreRig(fixture.ConnectionString);

        Assert.Null(await rig.Store.GetAsync(Table.DeadLetters, "p", "r"));
        Assert.Empty((await rig.Store.QueryAsync(new(Table.DeadLetters, "p"))).Rows);
        Assert.Equal(2, rig.Trips.Count);
    }
}
