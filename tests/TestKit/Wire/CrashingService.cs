using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Headgate.TestKit.Wire;

/// <summary>The service as a process on one folder and one port, killed and started again at will.</summary>
public sealed class CrashingService(string folder, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly ReservedPort _port = ReservedPort.Take();
    private ServiceProcess? _process;
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answers;
    private TaskCompletionSource? _enough;
    private int _wanted;

    [field: MaybeNull]
    public HttpClient Client => field ??= NewClient(File.ReadAllText(Path.Combine(folder, "operator.key")).Trim());

    /// <summary>Ends at once while the service runs, else when it is back.</summary>
    public Task IsUpAsync() => _up.Task;

    public async Task StartAsync()
    {
        _process = await ServiceProcess.StartAsync(folder, _port.Number, environment);
        _up.TrySetResult();
    }

    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    /// <summary>Until <see cref="StartAsync"/>, nobody answers.</summary>
    public async Task KillAsync()
    {
        _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it and kills it after a while, ready or not.</summary>
    public Task KillWhileStartingAsync(TimeSpan after) => ServiceProcess.KillWhileStartingAsync(folder, _port.Number, environment, after);

    /// <summary>Ends when the service has given so many more answers through any client made here.</summary>
    public Task AnswersAsync(int count)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted = Volatile.Read(ref _answers) + count;
        _enough = enough;
        Count(0);
        return enough.Task;
    }

    /// <summary>Sends again until there is an answer: to a connection that broke, nobody knows whether it took effect.</summary>
    public async Task<Reply> UntilAnsweredAsync(Func<HttpClient, Task<Reply>> send)
    {
        while (true)
        {
            try
            {
                return await send(Client);
            }
            catch (HttpRequestException)
            {
                await IsUpAsync();
            }
        }
    }

    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient(new Counter(this)) { BaseAddress = new Uri($"http://127.0.0.1:{_port.Number}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _port.Dispose();
    }

    private void Count(int answers)
    {
        if (Interlocked.Add(ref _answers, answers) >= _wanted)
            _enough?.TrySetResult();
    }

    private sealed class Counter(CrashingService service) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response;
            try
            {
                response = await base.SendAsync(request, cancellationToken);
            }
            catch (SocketException gone)
            {
                // Thrown as it is where the process was killed between taking the connection and being asked.
                throw new HttpRequestException(gone.Message, gone);
            }

            service.Count(1);
            return response;
        }
    }
}
