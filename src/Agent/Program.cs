using Headgate.Agent;
using Headgate.Agent.Options;

return await new CommandLine(OptionSources.ProcessEnvironment(), Console.Out, Console.Error, TimeProvider.System).InvokeAsync(args);
