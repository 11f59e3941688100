using FsCheck;
using FsCheck.Fluent;

namespace Headgate.Core.Tests.Runs;

internal static class Graphs
{
    /// <summary>1 to 8 tasks whose needs are tasks before them.</summary>
    public static Gen<(string Name, string[] Needs)[]> Acyclic { get; } =
        from count in Gen.Choose(1, 8)
        from bits in Gen.Choose(0, 255).ArrayOf(count)
        select Enumerable.Range(0, count)
            .Select(i => ($"t{i}", Enumerable.Range(0, i).Where(j => (bits[i] & (1 << j)) != 0).Select(j => $"t{j}").ToArray()))
            .ToArray();
}
