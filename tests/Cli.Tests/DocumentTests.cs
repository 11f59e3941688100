using System.Globalization;
using System.Reflection;
using Headgate.TestKit;

namespace Headgate.Cli.Tests;

/// <summary>What docs/cli.md says, done.</summary>
public sealed class DocumentTests
{
    private static readonly string s_text = RepositoryFiles.Read("docs/cli.md").ReplaceLineEndings("\n");

    [Fact]
    public void ExitCodes_OfTheProgram_AreThoseOfTheDocument()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(int)).Select(field => (int)field.GetRawConstantValue()!);

        foreach (var code in codes.Select(code => code.ToString(CultureInfo.InvariantCulture)))
        {
            Assert.Contains($"\n| {code} | ", s_text, StringComparison.Ordinal);
            Assert.Contains($"\n  {code} ", ExitCode.Help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Files_OfTheDocument_AreTaken()
    {
        using var folder = new TempFolder();
        await using var service = await LocalService.StartAsync();
        var blocks = s_text.Split("```yaml\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();
        var (run, tenants) = (Path.Combine(folder.Path, "run.yaml"), Path.Combine(folder.Path, "tenants.yaml"));
        await File.WriteAllTextAsync(run, blocks[0]);
        await File.WriteAllTextAsync(tenants, blocks[1]);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Settings.Url] = service.Server.Address, [Settings.Key] = service.Server.OperatorKey.Text };

        var applied = await Typed.RunAsync(environment, Path.Combine(folder.Path, "none"), ["apply", "-f", tenants]);
        var submitted = await Typed.RunAsync(environment, Path.Combine(folder.Path, "none"), ["runs", "submit", "-t", "acme", "-f", run]);

        Assert.Equal((ExitCode.Done, ExitCode.Done), (applied.Code, submitted.Code));
    }
}
