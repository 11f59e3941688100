using Headgate.Load.Figures;
using Headgate.Load.Machine;
using Headgate.Load.Measures;
using Headgate.Load.Output;
using Headgate.Load.Rig;
using Headgate.Load.Wire;

namespace Headgate.Load;

/// <summary>Runs measures one after the other. One that fails has no figure and does not keep the others from theirs.</summary>
internal static class RigRun
{
    public static Report Of(IReadOnlyList<IMeasure> measures, LoadOptions options, string command)
    {
        var provenance = Provenance.Take(options.Data);
        Console.Out.WriteLine(provenance);
        Action<string> progress = text => Console.Error.WriteLine($"… {text}");
        using var filled = new FilledFolder(options, progress);
        var bench = new Bench(options, new Limits(), filled, progress);
        var readings = new List<Reading>();
        var failures = new List<string>();
        foreach (var measure in measures)
        {
            try
            {
                foreach (var reading in measure.Run(bench))
                    readings.Add(reading);
            }
            catch (Exception problem)
            {
                // Whatever it was, the table must not lack the line that says so.
                failures.Add($"{measure.Name}: {problem.GetBaseException().Message}");
                Console.Error.WriteLine($"{measure.Name} FAILED: {(problem is UnexpectedAnswerException ? problem.Message : problem)}");
            }
        }

        Console.Out.WriteLine();
        Console.Out.Write(TextTable.Plain(readings));
        foreach (var failure in failures)
            Console.Out.WriteLine($"FAILED {failure}");
        return new(provenance, command, readings, failures);
    }
}
