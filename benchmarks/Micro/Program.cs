using BenchmarkDotNet.Running;
using Headgate.Micro;

const string Quick = "--quick";
if (args.Contains("--help", StringComparer.Ordinal))
    Console.WriteLine($"{Quick}: a minute for all of it, to see that it works; its figures are rough.\nWithout --filter everything is measured. The rest is BenchmarkDotNet's own:\n");

var rest = args.Where(argument => argument != Quick).ToList();
if (!rest.Exists(argument => argument is "--filter" or "-f" or "--list" or "--help" or "--info" or "--version"))
    rest.AddRange(["--filter", "*"]);
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Measuring).Assembly).Run([.. rest], Measuring.As(quick: args.Contains(Quick, StringComparer.Ordinal)));
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
