using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Headgate.Micro;

/// <summary>How everything here is measured. In the process it runs in, which awaits benchmarks but neither set-up nor cleaning up.</summary>
internal static class Measuring
{
    /// <param name="quick">Few and short rounds.</param>
    public static IConfig As(bool quick) => ManualConfig.CreateEmpty()
        .AddJob(quick ? Base.WithWarmupCount(1).WithIterationCount(3).WithIterationTime(TimeInterval.FromMilliseconds(100)) : Base.WithWarmupCount(5).WithIterationCount(12))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub);

    // In this process: a project made and restored on the fly would need a feed, and would be built under this repository's rules.
    private static Job Base => Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
}
