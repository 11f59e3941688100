using Microsoft.Azure.Functions.Worker.Middleware;

namespace Headgate.LocalHost.Invocation;

/// <summary>Runs a function inside the app's middleware.</summary>
internal sealed class FunctionRunner(FunctionExecutionDelegate pipeline, IServiceProvider services)
{
    /// <param name="data">What the trigger delivers; see <see cref="LocalFunctionContext"/>.</param>
    /// <returns>What the function returned; null where a middleware answered in its place.</returns>
    public ValueTask<object?> RunAsync(FunctionEntry entry, object? data, CancellationToken cancellation)
    {
        var context = new LocalFunctionContext(entry, services, data, cancellation);
        var running = pipeline(context);
        return running.IsCompletedSuccessfully ? new ValueTask<object?>(context.Result) : Finish(context, running);
    }

    private static async ValueTask<object?> Finish(LocalFunctionContext context, Task running)
    {
        await running;
        return context.Result;
    }
}
