using System.Collections;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.LocalHost.Invocation;

/// <summary>The trace in force when the invocation began; empty strings where there is none.</summary>
internal sealed class LocalTraceContext(Activity? activity) : TraceContext
{
    public override string TraceParent { get; } = activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id! : "";

    public override string TraceState { get; } = activity?.TraceStateString ?? "";
}

/// <summary>The route values of an HTTP invocation; empty for any other.</summary>
internal sealed class LocalBindingContext(HttpContext? http) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData { get; } =
        http?.Request.RouteValues ?? (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal);
}

/// <summary>Functions are not retried by their host here: who needs a retry has a policy of its own.</summary>
internal sealed class NoRetry : RetryContext
{
    public static NoRetry Instance { get; } = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}

/// <summary>What middleware attaches to an invocation by type.</summary>
internal sealed class InvocationFeatures : IInvocationFeatures
{
    private readonly Dictionary<Type, object> _features = [];

    public void Set<T>(T? instance)
    {
        if (instance is null)
            _features.Remove(typeof(T));
        else
            _features[typeof(T)] = instance;
    }

    public T? Get<T>() => _features.TryGetValue(typeof(T), out var instance) ? (T)instance : default;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
