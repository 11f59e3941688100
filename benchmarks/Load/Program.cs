using Headgate.Load;
using Headgate.Load.Limit;

return args is [BareEndpoint.Command] ? await BareEndpoint.RunAsync() : await new CommandLine().InvokeAsync(args);
