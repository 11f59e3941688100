using Headgate.Storage.Log;

namespace Headgate.Storage.Tests.Log;

public sealed class WriteOnDemandTests : IAsyncLifetime
{
    private readonly LogFixture _fixture = new(ownThread: false);
    private int _writer;

    private WriteLog Log => _fixture.Log;

    [Fact]
    public void WriteWaiting_SomebodyWaits_WritesOnThisThread()
    {
        Assert.False(Log.WriteWaiting());
        var position = Log.Append(new Note("one", () => _writer = Environment.CurrentManagedThreadId));
        var flushed = Log.FlushedAsync(position).AsTask();
        Assert.False(flushed.IsCompleted);

        Assert.True(Log.WriteWaiting());

        Assert.True(flushed.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, _writer);
        Assert.False(Log.WriteWaiting());
    }

    [Fact]
    public void WriteWaiting_OnlyLazyOperations_WaitsForTheirTime()
    {
        Log.AppendLazily(new Note("lazy"));
        Assert.False(Log.WriteWaiting());

        _fixture.Clock.Advance(WriteLog.LazyDelay);

        Assert.True(Log.WriteWaiting());
        Assert.Equal(["lazy"], _fixture.NotesAfterACrash());
    }

    [Fact]
    public void WriteWaiting_MergeIsDue_BringsEverythingIntoTheTables()
    {
        Log.Append(new Note("one"));
        Assert.True(Log.WriteWaiting());
        Assert.Empty(Note.ReadAll(_fixture.Database));

        _fixture.Clock.Advance(WriteLog.MergeDelay);
        while (Log.WriteWaiting())
        {
        }

        Assert.Equal(["one"], Note.ReadAll(_fixture.Database));
    }

    [Fact]
    public async Task DisposeAsync_WithRecordsWaiting_WritesThem()
    {
        var position = Log.AppendLazily(new Note("last"));

        await Log.DisposeAsync();

        Assert.Equal(position, Log.MergedUntil);
        Assert.False(Log.WriteWaiting());
    }

    [Fact]
    public async Task WriteWaiting_LogWithItsOwnThread_IsRefused()
    {
        await using var usual = new LogFixture();

        Assert.Throws<InvalidOperationException>(() => usual.Log.WriteWaiting());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();
}
