using Headgate.Ports;
using Headgate.Storage.Log;
using Headgate.Storage.Log.Writing;

namespace Headgate.Storage.Tests.Log;

/// <summary>The operating system decides when the writer thread is idle, so a test that needs it idle repeats until it is.</summary>
public sealed class WriteLogFlushTests : IAsyncLifetime
{
    private const int Tries = 10_000;
    private LogFixture _fixture = new();

    [Fact]
    public async Task FlushAsync_WhileTheWriterIsAtRest_WritesOnTheCallersThread()
    {
        var written = 0;
        bool isCallers;
        do
        {
            isCallers = await FlushAsync("one");
        }
        while (!isCallers && ++written < Tries);

        Assert.True(isCallers);
        Assert.Equal(written + 1, (await _fixture.NotesAsync()).Count);
    }

    [Fact]
    public async Task FlushAsync_SoonAfterAGroup_IsWrittenByTheWriter()
    {
        for (var i = 0; i < 100; i++)
            Assert.False(await FlushAsync("one", rest: false));

        Assert.Equal(100, (await _fixture.NotesAsync()).Count);
    }

    [Fact]
    public async Task FlushAsync_FromManyThreads_KeepsEveryThreadsOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                await FlushAsync($"{writer} {i:000}");
        })));

        foreach (var notes in (await _fixture.NotesAsync()).GroupBy(note => note[0]))
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{notes.Key} {i:000}"), notes);
    }

    [Fact]
    public async Task FlushAsync_ThatFailsOnTheCallersThread_IsRefusedAndTheProcessTold()
    {
        for (var i = 0; i < Tries; i++)
        {
            var (refusal, writer) = (new InvalidOperationException("disk full"), 0);
            _fixture.Log.AppendForFlush(new Note("bad", () => { writer = Environment.CurrentManagedThreadId; throw refusal; }));
            _fixture.Clock.Advance(LogWriter.CallerWritesAfter);
            var caller = Environment.CurrentManagedThreadId;

            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _fixture.Log.FlushAsync());

            Assert.Same(refusal, await _fixture.Failed.Task);
            Assert.Throws<StoreUnavailableException>(() => _fixture.Log.Append(new Note("late")));
            if (writer == caller)
                return;
            await _fixture.DisposeAsync();
            _fixture = new();
        }

        Assert.Fail("The writer was never at rest.");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    /// <returns>Whether the caller's thread wrote.</returns>
    private async Task<bool> FlushAsync(string text, bool rest = true)
    {
        var (caller, writer) = (Environment.CurrentManagedThreadId, 0);
        _fixture.Log.AppendForFlush(new Note(text, () => writer = Environment.CurrentManagedThreadId));
        if (rest)
            _fixture.Clock.Advance(LogWriter.CallerWritesAfter);
        await _fixture.Log.FlushAsync();
        Assert.NotEqual(0, writer);
        return writer == caller;
    }
}
