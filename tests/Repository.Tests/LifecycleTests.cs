using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;

namespace Headgate.Repository.Tests;

/// <summary>The tables in docs/lifecycle.md are Core's.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public void TenantTable_InTheDocument_IsCores() =>
        AssertTable("Tenant", TenantStatuses.WireNames, from =>
            TenantStatuses.TryParse(from, out var status) ? TenantTransitions.From(status).Select(to => to.WireName()) : ["no such state"]);

    [Fact]
    public void RunTable_InTheDocument_IsCores() =>
        AssertTable("Run", RunStatuses.WireNames, from =>
            RunStatuses.TryParse(from, out var status) ? RunTransitions.From(status).Select(to => to.WireName()) : ["no such state"]);

    [Fact]
    public void TaskTable_InTheDocument_IsCores() =>
        AssertTable("Task", TaskStatuses.WireNames, from =>
            TaskStatuses.TryParse(from, out var status) ? TaskTransitions.From(status).Select(to => to.WireName()) : ["no such state"]);

    [Fact]
    public void FailureTable_InTheDocument_IsCores() =>
        AssertTable("Failure classes", FailureClasses.WireNames, name =>
            [FailureClasses.TryParse(name, out var failure) && failure.IsRetried() ? "yes" : "no"]);

    private static void AssertTable(string section, IEnumerable<string> names, Func<string, IEnumerable<string>> moves)
    {
        var written = Rows(section);

        Assert.Equal(names.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        Assert.All(written, row => Assert.Equal(moves(row.Key).Order(StringComparer.Ordinal), row.Value.Order(StringComparer.Ordinal)));
    }

    private static Dictionary<string, string[]> Rows(string section) =>
        Tree.Named("docs/lifecycle.md").Lines
            .SkipWhile(line => line != $"## {section}").Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("|--", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|'))
            .ToDictionary(cells => cells[0].Trim(), cells => cells[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
