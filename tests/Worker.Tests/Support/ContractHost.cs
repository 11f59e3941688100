using Headgate.ServiceBusPeer;
using Headgate.Worker.Tests.Host;
using Headgate.Worker.Tests.Support;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <content>
/// The built app as the Functions host runs it, over a table server and a Service Bus peer. One for all classes of this process, because
/// a start costs seconds; it ends with the process.
/// </content>
public sealed partial class ContractHost
{
    /// <summary>The status of a method that a route does not have.</summary>
    public const int WrongMethod = 404;

    public const int LeaseSeconds = WorkerSettings.LeaseSeconds;

    private static readonly Lazy<Task<Deployment>> s_deployment = new(StartAsync);

    internal FunctionsHost Host { get; private set; } = null!;

    internal BusPeer Bus { get; private set; } = null!;

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client { get; private set; } = null!;

    public string OperatorKey => WorkerSettings.OperatorKey;

    /// <param name="key">Null: a caller without credentials.</param>
    public HttpClient NewClient(string? key) => Host.NewClient(key);

    public async Task InitializeAsync()
    {
        var deployment = await s_deployment.Value;
        (Host, Bus) = (deployment.Host, deployment.Bus);
        Client = NewClient(OperatorKey);
    }

    public Task DisposeAsync()
    {
        Client.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>What this host answers to a method that a route does not have: to it, that is another route.</summary>
    /// <param name="reply">Its answer.</param>
    /// <param name="allowed">The methods the route has.</param>
    internal static void RefusesTheMethod(Reply reply, string[] allowed)
    {
        Assert.DoesNotContain(reply.Message.RequestMessage!.Method.Method, allowed);
        Refused.With(WrongMethod, "not-found", reply);
    }

    private static async Task<Deployment> StartAsync()
    {
        var deployment = await Deployment.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => deployment.DisposeAsync().AsTask().Wait();
        return deployment;
    }
}
