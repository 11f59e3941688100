using Headgate.Demo;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    // What it started is ended, and its folder removed.
    signal.Cancel = true;
    stop.Cancel();
};
return await Demonstration.RunAsync(stop.Token);
