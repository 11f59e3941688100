using FsCheck;
using FsCheck.Fluent;
using Headgate.Ports;
using Headgate.Storage.Tables;
using Headgate.Storage.Tables.InMemory;

namespace Headgate.Storage.Tests.Tables;

/// <summary>Compared with a set of rows that come and go: a range called empty has no row.</summary>
public sealed class EmptyRangesProperties
{
    private static readonly RowAddress[] s_all =
        [.. from table in new[] { Table.Tenants, Table.Tasks } from partition in "abc" from row in "123" select new RowAddress(table, $"{partition}", $"{row}")];

    [Fact]
    public void Contains_AfterAnyRowsCameAndWent_IsNeverTrueForAnExistingRow() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Run).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    [Fact]
    public void Contains_NewKeysBeforeAllOthers_StaysTrueForTheNext()
    {
        var ranges = new EmptyRanges();
        ranges.Add(new(Table.Tasks, null, null));
        for (var n = 9; n > 0; n--)
        {
            Assert.True(ranges.Contains(new(Table.Tasks, $"run{n}", "task")));
            ranges.Cut(new(Table.Tasks, $"run{n}", "task"));
        }
    }

    private static void Run(byte[] steps)
    {
        var ranges = new EmptyRanges();
        var rows = new HashSet<RowAddress>();
        foreach (var step in steps)
        {
            var address = s_all[step / 4 % s_all.Length];
            if (step % 4 == 0 && rows.Add(address))
                ranges.Cut(address);
            else if (step % 4 == 1)
                rows.Remove(address);
            else if (!rows.Contains(address))
                ranges.Add(Around(rows, address));
            AssertTrue(ranges, rows);
        }
    }

    private static EmptyRange Around(HashSet<RowAddress> rows, RowAddress address)
    {
        var before = rows.Where(row => row.Table == address.Table && EmptyRange.Compare(row, address) < 0).OrderBy(row => (row.PartitionKey, row.RowKey)).Select(row => (RowAddress?)row);
        var after = rows.Where(row => row.Table == address.Table && EmptyRange.Compare(row, address) > 0).OrderBy(row => (row.PartitionKey, row.RowKey)).Select(row => (RowAddress?)row);
        return new(address.Table, before.LastOrDefault(), after.FirstOrDefault());
    }

    private static void AssertTrue(EmptyRanges ranges, HashSet<RowAddress> rows)
    {
        Assert.All(rows, row => Assert.False(ranges.Contains(row)));
        foreach (var (table, partition, from) in s_all)
        {
            foreach (var before in new[] { "2", "3", null })
            {
                if (ranges.Covers(table, partition, from, before))
                    Assert.DoesNotContain(rows, row => row.Table == table && row.PartitionKey == partition && string.CompareOrdinal(row.RowKey, from) >= 0 && (before is null || string.CompareOrdinal(row.RowKey, before) < 0));
            }
        }
    }
}
