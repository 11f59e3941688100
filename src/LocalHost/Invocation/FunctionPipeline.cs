using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Invocation;

/// <summary>Collects the app's middleware and runs it around every invocation; what was added first runs outermost.</summary>
internal sealed class FunctionPipeline(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public IServiceCollection Services { get; } = services;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>The middleware around the function itself.</summary>
    public FunctionExecutionDelegate Build() =>
        _middleware.AsEnumerable().Reverse().Aggregate((FunctionExecutionDelegate)Innermost, (next, step) => step(next));

    private static Task Innermost(FunctionContext context) => ((LocalFunctionContext)context).Run();
}
