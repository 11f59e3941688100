using System.Diagnostics;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.LocalHost.Invocation;

/// <summary>One invocation. Whatever few functions look at is made when it is looked at.</summary>
/// <param name="data">As <see cref="Data"/>.</param>
internal sealed class LocalFunctionContext(FunctionEntry entry, IServiceProvider services, object? data, CancellationToken cancellation)
    : FunctionContext, IAnsweredInvocation
{
    /// <summary>Where the worker looks for the request of an HTTP invocation.</summary>
    private const string RequestKey = "HttpRequestContext";

    private readonly Activity? _activity = Activity.Current;
    private string? _invocationId;
    private IDictionary<object, object>? _items;
    private InvocationFeatures? _features;
    private LocalTraceContext? _trace;
    private LocalBindingContext? _binding;
    private Task? _running;

    public object? Result => _running is { IsCompletedSuccessfully: true } ended ? entry.Body.Result(ended) : null;

    /// <summary>What the trigger delivers: HttpContext, a message's body as text, TimerInfo, orchestration context or activity call.</summary>
    public object? Data => data;

    public HttpContext Http => (HttpContext)data!;

    public override string InvocationId => _invocationId ??= Guid.NewGuid().ToString();

    public override string FunctionId => entry.Definition.Id;

    public override TraceContext TraceContext => _trace ??= new LocalTraceContext(_activity);

    public override BindingContext BindingContext => _binding ??= new LocalBindingContext(data as HttpContext);

    public override RetryContext RetryContext => NoRetry.Instance;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => entry.Definition;

    public override IDictionary<object, object> Items
    {
        get => _items ??= data is HttpContext http ? new Dictionary<object, object> { [RequestKey] = http } : [];
        set => _items = value;
    }

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken { get; } = cancellation;

    /// <summary>Calls the function. Its task is handed on as it is: every wait in between would be one more step of each turn of an orchestration.</summary>
    public Task Run() => _running = entry.Body.Call(this);
}
