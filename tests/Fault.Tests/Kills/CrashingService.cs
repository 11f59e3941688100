using System.Net.Sockets;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Kills;

/// <summary>The service as a process on one folder and one port, killed and started again at will.</summary>
internal sealed class CrashingService(string folder, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly ReservedPort _port = ReservedPort.Take();
    private ServiceProcess? _process;
    private int _answers;
    private TaskCompletionSource? _enough;
    private int _wanted;

    public async Task StartAsync() => _process = await ServiceProcess.StartAsync(folder, _port.Number, environment);

    /// <summary>Until <see cref="StartAsync"/>, nobody answers.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
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

    public HttpClient NewClient(string? key) => HttpCalls.NewClient($"http://127.0.0.1:{_port.Number}", key, new Counter(this));

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
                // Thrown as it is if the process was killed between taking the connection and being asked.
                throw new HttpRequestException(gone.Message, gone);
            }

            service.Count(1);
            return response;
        }
    }
}
