using Headgate.Cli;

using var stop = new StopSignals();
return await new CommandLine(Terminal.OfProcess(), Settings.OfProcess()).InvokeAsync(args, stop.Asked);
