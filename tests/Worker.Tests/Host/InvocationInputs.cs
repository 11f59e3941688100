using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>What the host hands over for each binding of a function.</summary>
internal sealed class InvocationInputs(Uri rpcUri)
{
    /// <summary>A timer that is due, as the timer extension hands it over.</summary>
    public static TypedData DueTimer => new()
    {
        Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"0001-01-01T00:00:00+00:00","Next":"2030-01-01T00:00:00+00:00","LastUpdated":"0001-01-01T00:00:00+00:00"},"IsPastDue":false}""",
    };

    /// <summary>How the Durable extension tells a client where its service is.</summary>
    private TypedData DurableClient { get; } = new()
    {
        String = new JsonObject
        {
            ["taskHubName"] = "headgate",
            ["connectionName"] = "Storage",
            ["requiredQueryStringParameters"] = "",
            ["rpcBaseUrl"] = rpcUri.ToString(),
            ["httpBaseUrl"] = new Uri(rpcUri, "runtime/webhooks/durabletask").ToString(),
            ["maxGrpcMessageSizeInBytes"] = int.MaxValue,
            // JSON within JSON: so the extension sends it.
            ["grpcHttpClientTimeout"] = JsonSerializer.Serialize(TimeSpan.FromSeconds(100)),
        }.ToJsonString(),
    };

    public InvocationRequest For(IndexedFunction function, TypedData trigger)
    {
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Reported.FunctionId,
            TraceContext = new RpcTraceContext { TraceParent = Activity.Current?.Id ?? "" },
        };
        foreach (var binding in function.Bindings)
        {
            if (ReferenceEquals(binding, function.Trigger))
                invocation.InputData.Add(new ParameterBinding { Name = IndexedFunction.NameOf(binding), Data = trigger });
            else if (IndexedFunction.TypeOf(binding).Equals("durableClient", StringComparison.OrdinalIgnoreCase))
                invocation.InputData.Add(new ParameterBinding { Name = IndexedFunction.NameOf(binding), Data = DurableClient });
        }

        return invocation;
    }
}
