using System.CommandLine;
using Headgate.Fault.Tests;

return await new RunnerCommand().Parse(args).InvokeAsync();
