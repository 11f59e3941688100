using Headgate.Core.Validation;
using Xunit;

namespace Headgate.Core.Tests.Validation;

public sealed class ProblemsTests
{
    [Fact]
    public void ToString_SeveralProblems_OneALineInOrder()
    {
        var problems = new Problems();
        problems.Add("tasks[1].name", "is required");
        problems.Add(new Problem("", "must be an object"));

        Assert.True(problems.Any);
        Assert.Equal("tasks[1].name: is required\nmust be an object", problems.ToString());
    }

    [Fact]
    public void Items_NothingAdded_Empty()
    {
        var problems = new Problems();

        Assert.False(problems.Any);
        Assert.Empty(problems.Items);
    }

    [Fact]
    public void Items_MoreThanKept_FirstHundredAndACount()
    {
        var problems = new Problems();
        for (var i = 0; i < 1_000; i++)
            problems.Add($"p{i}", "is wrong");

        Assert.Equal(1_000, problems.Count);
        Assert.Equal(101, problems.Items.Count);
        Assert.Equal(new Problem("p99", "is wrong"), problems.Items[99]);
        Assert.Equal(new Problem("", "and 900 more"), problems.Items[100]);
    }
}
