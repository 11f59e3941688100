using Headgate.Cli.Commands;
using Headgate.LocalHost;
using Headgate.TestKit;

namespace Headgate.Cli.Tests;

public sealed class UpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Up_UntilInterrupted_ServesAndNamesItsAddressAndKey()
    {
        using var ended = new CancellationTokenSource(Patience.Limit);
        using var output = new Awaited("Ctrl-C");
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);
        var data = Path.Combine(_folder.Path, "data");
        var line = new CommandLine(new Terminal(output, TextWriter.Null, isLive: false, TextReader.Null), new Settings(nothing.GetValueOrDefault, Path.Combine(_folder.Path, "none")));

        var serving = line.InvokeAsync(["up", "--data", data, "--port", "0", "--host-program", typeof(LocalServer).Assembly.Location], ended.Token);
        await Task.WhenAny(output.Said, serving);
        var login = await Typed.RunAsync(nothing, Path.Combine(_folder.Path, "kept"), ["login", "--service", output.Value("address")], await File.ReadAllTextAsync(output.Value("operator key")));
        await ended.CancelAsync();

        Assert.Equal(ExitCode.Done, login.Code);
        Assert.Equal(ExitCode.Done, await serving);
    }

    [Fact]
    public void Find_WithoutAHost_SaysHowToNameOne()
    {
        Assert.Contains(Settings.Host, Assert.Throws<UsageException>(() => UpCommand.Find(null, _folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => UpCommand.Find(Path.Combine(_folder.Path, "none"), _folder.Path));
        Assert.Equal(typeof(LocalServer).Assembly.Location, UpCommand.Find(typeof(LocalServer).Assembly.Location, _folder.Path));
    }

    /// <summary>What was written, and when a part of it was.</summary>
    private sealed class Awaited(string part) : StringWriter
    {
        private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Said => _said.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(part, StringComparison.Ordinal) == true)
                _said.TrySetResult();
        }

        public string Value(string name) => ToString().Split('\n').First(line => line.StartsWith(name + "  ", StringComparison.Ordinal))[name.Length..].Trim();
    }
}
