using System.Diagnostics;
using System.Globalization;

namespace Headgate.Load.Machine;

/// <summary>Reads from /proc what processor time the generator, the server under load and the whole machine have used.</summary>
/// <param name="server">Process id; null where what is measured runs in the generator's process.</param>
internal sealed class ProcessorMeter(int? server)
{
    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int UserTime = 11; // Counted from the field after the name in brackets.

    public ProcessorReading Read() => new(
        Stopwatch.GetTimestamp(),
        OfProcess("self"),
        server is { } id ? OfProcess(id.ToString(CultureInfo.InvariantCulture)) : TimeSpan.Zero,
        OfMachine());

    /// <summary>User and system time of all threads of a process, in steps of 10 ms.</summary>
    public static TimeSpan OfProcess(string id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return Time(fields[UserTime]) + Time(fields[UserTime + 1]);
    }

    private static TimeSpan OfMachine()
    {
        using var file = new StreamReader("/proc/stat");
        var fields = file.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // user nice system idle iowait irq softirq steal: all but idle and iowait.
        return Time(fields[1]) + Time(fields[2]) + Time(fields[3]) + Time(fields[6]) + Time(fields[7]) + Time(fields[8]);
    }

    private static TimeSpan Time(string ticks) => TimeSpan.FromSeconds(long.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond);
}
