using Headgate.Cli;

return await new CommandLine(Terminal.OfProcess(), Settings.OfProcess()).InvokeAsync(args);
