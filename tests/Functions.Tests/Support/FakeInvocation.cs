using System.Collections.Immutable;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Tests.Support;

/// <summary>An invocation of a named function, by HTTP where a request is given.</summary>
internal sealed class FakeInvocation : FunctionContext, IAnsweredInvocation
{
    public FakeInvocation(string function, HttpContext? http = null)
    {
        FunctionDefinition = new Definition(function);
        if (http is not null)
            Items["HttpRequestContext"] = http;
    }

    public object? Result { get; set; }

    public override string InvocationId => "invocation-1";

    public override string FunctionId => FunctionDefinition.Id;

    public override TraceContext TraceContext => throw new NotSupportedException();

    public override BindingContext BindingContext => throw new NotSupportedException();

    public override RetryContext RetryContext => throw new NotSupportedException();

    public override IServiceProvider InstanceServices { get; set; } = null!;

    public override FunctionDefinition FunctionDefinition { get; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => throw new NotSupportedException();

    private sealed class Definition(string name) : FunctionDefinition
    {
        public override string Name => name;

        public override string Id => name;

        public override string EntryPoint => name;

        public override string PathToAssembly => "";

        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override IImmutableDictionary<string, BindingMetadata> InputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }
}
