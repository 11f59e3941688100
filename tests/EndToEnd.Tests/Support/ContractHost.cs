using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <content>The embedded host, one for all tests of a class.</content>
public sealed partial class ContractHost
{
    /// <summary>The status of a method that a route does not have.</summary>
    public const int WrongMethod = 405;

    public const int LeaseSeconds = LocalService.LeaseSeconds;

    private LocalService _service = null!;

    /// <summary>Speaks as the operator.</summary>
    public HttpClient Client => _service.Client;

    public string OperatorKey => _service.Server.OperatorKey.Text;

    /// <param name="key">Null: a caller without credentials.</param>
    public HttpClient NewClient(string? key) => _service.NewClient(key);

    public async Task InitializeAsync() => _service = await LocalService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    /// <summary>What this host answers to a method that a route does not have.</summary>
    /// <param name="reply">Its answer.</param>
    /// <param name="allowed">The methods the route has.</param>
    internal static void RefusesTheMethod(Reply reply, string[] allowed)
    {
        Refused.With(WrongMethod, "method-not-allowed", reply);
        Assert.Equal(allowed, reply.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
    }
}
