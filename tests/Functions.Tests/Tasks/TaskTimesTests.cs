using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.TestKit;
using Xunit;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tests.Tasks;

public sealed class TaskTimesTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Note_TasksThatAnotherProcessEnds_AreForgottenOnceTheirTimeIsOver()
    {
        var times = new TaskTimes(_clock);
        NoteHeld(times, 0, 10_000);

        _clock.Advance(TimeSpan.FromHours(1));
        NoteHeld(times, 10_000, 10_000);

        Assert.InRange(times.Count, 1, 10_000);
    }

    [Fact]
    public void Note_MoreThanIsKept_IsBounded()
    {
        var times = new TaskTimes(_clock);

        NoteHeld(times, 0, 250_000);

        Assert.InRange(times.Count, 1, 200_000);
    }

    private void NoteHeld(TaskTimes times, int from, int count)
    {
        var decided = times.Read();
        for (var i = from; i < from + count; i++)
        {
            var state = new TaskState("one", [], RetryPolicy.Default, 60, TaskStatus.Assigned) { AssignedAt = decided.Wall };
            times.Note(new TaskRecord("acme", $"r{i}", "work", TaskPriority.Normal, null, TaskRecord.NoLabels, 1, state, null, null, null, null), decided);
        }
    }
}
