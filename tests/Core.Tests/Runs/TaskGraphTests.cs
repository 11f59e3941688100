using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Runs;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Runs;

public sealed class TaskGraphTests
{
    [Fact]
    public void Check_ChainDiamondAndIslands_FindsNothing() =>
        Assert.Equal("", Found(("a", []), ("b", ["a"]), ("c", ["a"]), ("d", ["b", "c"]), ("alone", [])));

    [Fact]
    public void Check_NeedDeclaredLater_IsFine() => Assert.Equal("", Found(("b", ["a"]), ("a", [])));

    [Fact]
    public void Check_TaskThatNeedsItself_IsACircle() =>
        Assert.Equal("tasks: these tasks need each other in a circle: a", Found(("a", ["a"])));

    [Fact]
    public void Check_Circle_NamesItsTasks() =>
        Assert.Equal("tasks: these tasks need each other in a circle: a, b, c", Found(("a", ["c"]), ("b", ["a"]), ("c", ["b"]), ("free", [])));

    [Fact]
    public void Check_UnknownNeed_SuggestsTheNearName() =>
        Assert.Equal("tasks[1].needs[0]: no task is named 'bakcup'; did you mean 'backup'?", Found(("backup", []), ("verify", ["bakcup"])));

    [Fact]
    public void Check_UnknownNeedNearToNothing_SuggestsNothing() =>
        Assert.Equal("tasks[0].needs[0]: no task is named 'something-else'", Found(("a", ["something-else"])));

    [Fact]
    public void Check_SeveralMistakes_NamesEachAtItsPlace() =>
        Assert.Equal(
            """
            tasks[1].name: 'a' is already the name of tasks[0]
            tasks[2].needs[1]: 'a' is listed twice
            tasks[2].needs[2]: no task is named 'zzzzz'
            """,
            Found(("a", []), ("a", []), ("c", ["a", "a", "zzzzz"])));

    [Fact]
    public void Check_NamesThatDifferInCase_AreDifferent() => Assert.Equal("", Found(("a", []), ("A", ["a"])));

    [Fact]
    public void Check_LargestChainBackwards_IsFine()
    {
        var tasks = Enumerable.Range(0, TaskGraph.MaxTasks)
            .Select(i => ($"t{i}", i + 1 < TaskGraph.MaxTasks ? (string[])[$"t{i + 1}"] : []))
            .ToArray();

        Assert.Equal("", Found(tasks));
    }

    [Fact]
    public void Check_NamesThatWereInvalid_AreNotSaidToBeTheSame() => Assert.Equal("", Found(("", []), ("", [])));

    [Fact]
    public void Check_AnyGraphWhoseNeedsPointBack_IsAccepted() =>
        Prop.ForAll(Graphs.Acyclic.ToArbitrary(), graph => Found(graph).Length == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void Check_AnyGraphWithAnEdgeFromFirstToLast_IsAcceptedOrACircle() =>
        Prop.ForAll(Graphs.Acyclic.Where(graph => graph.Length > 1).ToArbitrary(), graph =>
        {
            var closed = ((string Name, string[] Needs)[])[(graph[0].Name, [graph[^1].Name]), .. graph[1..]];
            return Found(closed).Contains("circle", StringComparison.Ordinal) == Reaches(graph, graph[^1].Name, graph[0].Name);
        }).QuickCheckThrowOnFailure();

    private static bool Reaches((string Name, string[] Needs)[] graph, string from, string to) =>
        from == to || graph.Single(task => task.Name == from).Needs.Any(need => Reaches(graph, need, to));

    private static string Found(params (string Name, string[] Needs)[] tasks)
    {
        var problems = new Problems();
        TaskGraph.Check([.. tasks.Select(task => (task.Name, (IReadOnlyList<string>)task.Needs))], problems);
        return problems.ToString();
    }
}
