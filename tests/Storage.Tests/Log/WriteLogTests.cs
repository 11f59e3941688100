using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Tables;

namespace Headgate.Storage.Tests.Log;

public sealed class WriteLogTests : IAsyncLifetime
{
    private readonly LogFixture _fixture = new();

    private WriteLog Log => _fixture.Log;

    [Fact]
    public async Task FlushedAsync_AfterAppend_HasTheOperationInTheJournalOnly()
    {
        await Log.FlushedAsync(Log.Append(new Note("one")));

        Assert.Equal(0, Log.MergedUntil);
        Assert.Empty(Note.ReadAll(_fixture.Database));
        Assert.Equal(["one"], _fixture.NotesAfterACrash());
    }

    [Fact]
    public async Task MergedAsync_AfterAppend_FindsTheOperationInItsTableAndTellsTheClient()
    {
        var told = new List<StoredRow>();
        _fixture.Rows.RowsMerged = told.AddRange;
        var position = Log.AppendLazily(new Note("one"));

        await Log.MergedAsync();

        Assert.Equal(position, Log.MergedUntil);
        Assert.Equal("one"u8, Assert.Single(told).Data!);
        Assert.Equal(["one"], Note.ReadAll(_fixture.Database));
    }

    [Fact]
    public async Task FlushedAsync_WithNothingPending_IsSynchronousAndNotCounted()
    {
        Log.Append(new Note("one"));
        await Log.FlushedAsync();
        var waits = Log.FlushWaits;

        Assert.True(Log.FlushedAsync().AsTask().IsCompletedSuccessfully);
        Assert.Equal(waits, Log.FlushWaits);
    }

    [Fact]
    public void FlushedAsync_OfAPositionNotYetGiven_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Log.FlushedAsync(1).AsTask(); });

    [Fact]
    public async Task AppendLazily_BeforeAnAppend_IsWrittenWithItInOrder()
    {
        Log.AppendLazily(new Note("lazy 1"));
        Log.AppendLazily(new Note("lazy 2"));
        await Log.FlushedAsync(Log.Append(new Note("urgent")));

        Assert.Equal(["lazy 1", "lazy 2", "urgent"], _fixture.NotesAfterACrash());
    }

    [Fact]
    public async Task AppendLazily_NothingElseAppended_IsWrittenWhenItsDelayEnds()
    {
        var written = new TaskCompletionSource();
        Log.AppendLazily(new Note("lazy", written.SetResult));
        _fixture.Clock.Advance(WriteLog.LazyDelay - TimeSpan.FromMilliseconds(1));
        Assert.False(written.Task.IsCompleted);

        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await written.Task;

        Assert.Equal(["lazy"], await _fixture.NotesAsync());
    }

    [Fact]
    public async Task AppendLazily_TimerOfAnEarlierGroupFires_StillGetsItsWholeDelay()
    {
        Log.AppendLazily(new Note("taken"));
        Log.Append(new Note("urgent"));
        await Log.FlushedAsync();
        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(15));
        var written = new TaskCompletionSource();
        Log.AppendLazily(new Note("young", written.SetResult));

        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(6));
        Assert.Equal(_fixture.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(14), _fixture.Clock.NextTimer);
        Assert.Equal(["taken", "urgent"], _fixture.NotesAfterACrash());
        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(14));
        await written.Task;
    }

    [Fact]
    public async Task FlushedAsync_WithOnlyLazyOperationsPending_WritesThem()
    {
        Log.AppendLazily(new Note("lazy"));

        await Log.FlushedAsync();

        Assert.Equal(["lazy"], _fixture.NotesAfterACrash());
    }

    [Fact]
    public async Task Append_WhileAGroupIsWritten_IsWrittenWithTheNext()
    {
        using var hold = new ManualResetEventSlim();
        var writing = new TaskCompletionSource();
        Log.Append(new Note("first", () => { writing.SetResult(); hold.Wait(); }));
        await writing.Task;
        for (var i = 0; i < 50; i++)
            Log.Append(new Note("later"));
        Log.Append(new Note("bad", () => throw new InvalidOperationException("disk full")));
        var flushed = Log.FlushedAsync().AsTask();
        hold.Set();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => flushed);

        Assert.Equal(["first"], _fixture.NotesAfterACrash());
    }

    [Fact]
    public async Task Append_FromManyThreads_KeepsEveryThreadsOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var note = new Note($"{writer} {i:000}");
                if (i % 3 == 0)
                    await Log.FlushedAsync(Log.Append(note));
                else
                    Log.AppendLazily(note);
            }
        })));
        await Log.FlushedAsync();

        foreach (var notes in (await _fixture.NotesAsync()).GroupBy(note => note[0]))
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{notes.Key} {i:000}"), notes);
    }

    [Fact]
    public async Task Append_AfterAWriteFailed_IsRefusedAndTheProcessTold()
    {
        var refusal = new InvalidOperationException("disk full");
        Log.AppendLazily(new Note("in the same group"));
        Log.Append(new Note("bad", () => throw refusal));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Log.FlushedAsync());

        Assert.Same(refusal, await _fixture.Failed.Task);
        Assert.Throws<StoreUnavailableException>(() => Log.Append(new Note("late")));
        Assert.Throws<StoreUnavailableException>(() => Log.AppendLazily(new Note("late")));
    }

    [Fact]
    public async Task DisposeAsync_WithLazyOperationsPending_WritesThem()
    {
        Log.AppendLazily(new Note("lazy"));

        await Log.DisposeAsync();

        Assert.Equal(["lazy"], Note.ReadAll(_fixture.Database));
        Assert.Throws<StoreUnavailableException>(() => Log.Append(new Note("late")));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _fixture.DisposeAsync();
}
