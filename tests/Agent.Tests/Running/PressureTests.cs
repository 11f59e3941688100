using Headgate.Agent.Attempts;
using Headgate.Agent.Running;
using Headgate.Agent.Tests.Support;
using Headgate.Core.Agents;

namespace Headgate.Agent.Tests.Running;

public sealed class PressureTests : IDisposable
{
    private const string Low = "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_StallInformation_IsTheAverageOfTenSeconds()
    {
        Stall("12.50", "0.30", "7.00");

        Assert.Equal(new MachinePressure(12.5, 0.3, 7), new PressureReading(_folder.Path).Read());
    }

    [Fact]
    public void Read_NoStallInformation_TakesLoadAndFreeMemory()
    {
        _folder.Write("loadavg", $"{Environment.ProcessorCount * 3}.00 0.10 0.05 1/123 4567\n");
        _folder.Write("meminfo", "MemTotal:        1000000 kB\nMemFree:          100000 kB\nMemAvailable:     100000 kB\n");

        var pressure = new PressureReading(_folder.Path).Read()!.Value;

        Assert.Equal((100.0, 6.0, 0.0), (pressure.Cpu, Math.Round(pressure.Memory, 6), pressure.Io));
    }

    [Fact]
    public void Read_NothingThere_IsNull() => Assert.Null(new PressureReading(_folder.Path).Read());

    [Fact]
    public void Read_ThisMachine_IsInRange()
    {
        var pressure = new PressureReading().Read()!.Value;

        Assert.All([pressure.Cpu, pressure.Memory, pressure.Io], value => Assert.InRange(value, 0, 100));
    }

    [Fact]
    public async Task Step_PressureComesAndGoes_OffersFewerThenAllAndSaysSo()
    {
        await using var text = new StringWriter();
        var log = new AgentLog(text, TimeProvider.System);
        var table = new AttemptTable(new Limits(4, new Dictionary<string, int>()), ["a"]);
        var loop = new PressureLoop(table, new PressureReading(_folder.Path), TimeProvider.System, log);
        Stall("90.00", "0.00", "0.00");

        for (var i = 0; i < 5; i++)
            loop.Step();
        Assert.Equal((1, 1), (table.ClaimRoom(), table.FreeSlots));
        Stall("0.00", "0.00", "0.00");
        for (var i = 0; i < 3 * AdaptiveSlots.CalmReadingsToRise; i++)
            loop.Step();

        await log.FlushAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(4, table.ClaimRoom());
        Assert.Contains("info slots-fewer offered=3 of=4 cpu=90 memory=0 io=0", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("info slots-more offered=4 of=4 cpu=0 memory=0 io=0", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(6, text.ToString().Split("slots-").Length - 1);
    }

    private void Stall(string cpu, string memory, string io)
    {
        foreach (var (name, value) in new[] { ("cpu", cpu), ("memory", memory), ("io", io) })
            _folder.Write($"pressure/{name}", Low.Replace("some avg10=0.00", $"some avg10={value}", StringComparison.Ordinal));
    }
}
