using System.Net.Sockets;
using Headgate.TestKit;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>A worker whose functions are all loaded.</summary>
internal sealed class LoadedWorker : IAsyncDisposable
{
    private readonly Dictionary<string, IndexedFunction> _functions;

    private LoadedWorker(ChildProcess process, WorkerSession session, Uri httpUri, IEnumerable<IndexedFunction> functions)
    {
        (Process, Session, HttpUri) = (process, session, httpUri);
        _functions = functions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);
    }

    public ChildProcess Process { get; }

    public WorkerSession Session { get; }

    /// <summary>Where the worker's own web server listens.</summary>
    public Uri HttpUri { get; }

    /// <summary>In the order the host has them in: by name, without regard to case.</summary>
    public IEnumerable<IndexedFunction> Functions => _functions.Values.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">The worker ended, or one of its answers was no success; says what it wrote.</exception>
    public static async Task<LoadedWorker> LoadAsync(ChildProcess process, WorkerSession session)
    {
        try
        {
            await Task.WhenAny(session.Connected, process.EndedAsync());
            if (!session.Connected.IsCompleted)
                throw new WorkerGoneException();
            var init = (await session.AskAsync(new() { WorkerInitRequest = new() { HostVersion = "4.0.0", WorkerDirectory = WorkerProcess.Folder, FunctionAppDirectory = WorkerProcess.Folder } })).WorkerInitResponse;
            Succeeded("start", init.Result);
            var index = (await session.AskAsync(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = WorkerProcess.Folder } })).FunctionMetadataResponse;
            Succeeded("index", index.Result);
            await Task.WhenAll(index.FunctionMetadataResults.Select(function => LoadAsync(session, function)));
            var httpUri = new Uri(init.Capabilities["HttpUri"]);
            await ListensAsync(httpUri, session.Over);
            return new LoadedWorker(process, session, httpUri, index.FunctionMetadataResults.Select(function => new IndexedFunction(function)));
        }
        catch (WorkerGoneException gone)
        {
            throw new InvalidOperationException($"The worker ended:\n{string.Join('\n', process.Output.Concat(process.Errors))}", gone);
        }
    }

    public IndexedFunction Function(string name) => _functions[name];

    /// <exception cref="WorkerGoneException">The worker left before it answered.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest invocation) =>
        (await Session.AskAsync(new() { InvocationRequest = invocation })).InvocationResponse;

    public void Cancel(string invocationId) => Session.Send(new() { InvocationCancel = new() { InvocationId = invocationId } });

    public async ValueTask DisposeAsync()
    {
        Session.End();
        await Process.DisposeAsync();
    }

    private static async Task LoadAsync(WorkerSession session, RpcFunctionMetadata function)
    {
        var request = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
        Succeeded(function.Name, (await session.AskAsync(new() { FunctionLoadRequest = request })).FunctionLoadResponse.Result);
    }

    /// <summary>The worker's web server may start after the worker; the host sends requests again meanwhile.</summary>
    private static async Task ListensAsync(Uri httpUri, CancellationToken over)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(httpUri.Host, httpUri.Port, over);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), over);
            }
        }
    }

    private static void Succeeded(string what, StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{what}: {result.Exception?.Message}\n{result.Exception?.StackTrace}");
    }
}
