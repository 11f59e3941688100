using Headgate.Simulation;

return await new CommandLine().InvokeAsync(args);
