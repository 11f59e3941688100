using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.LocalHost.Chaos;

/// <summary>The service as a process of its own, which is killed and started again on one folder, and the calls to whichever runs.</summary>
internal sealed class ChaosVictim(string folder, int seed) : IAsyncDisposable
{
    public const string Command = "chaos-victim";
    private const string Ready = "listening on ";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(20) };
    private Process? _process;
    private volatile string? _address;
    private int _starts;

    /// <summary>The operator's, once it has started.</summary>
    public string Key { get; private set; } = "";

    public int Kills { get; private set; }

    /// <param name="isCalm">Without faults.</param>
    /// <param name="killedAfter">Killed then, ready or not; null: not.</param>
    /// <returns>Whether it is ready.</returns>
    public async Task<bool> StartAsync(bool isCalm, TimeSpan? killedAfter = null)
    {
        var self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [typeof(LocalServer).Assembly.Location] : [];
        string[] arguments = [.. program, Command, "--data", folder, "--seed", $"{seed + ++_starts}", .. isCalm ? ["--calm"] : Array.Empty<string>()];
        _process = Process.Start(new ProcessStartInfo(self, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        if (killedAfter is { } soon)
        {
            await Task.Delay(soon, TimeProvider.System);
            await KillAsync();
            return false;
        }

        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Ready, StringComparison.Ordinal))
                continue;
            Key = (await File.ReadAllTextAsync(Path.Combine(folder, "operator.key"))).Trim();
            _address = line[Ready.Length..];
            return true;
        }

        await KillAsync();
        return false;
    }

    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        (_process, _address) = (null, null);
        Kills++;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <returns>0 as the status where nobody has answered.</returns>
    public async Task<(int Status, JsonNode? Body)> CallAsync(string method, string path, JsonNode? body = null, string? key = null, string? idempotencyKey = null, string? session = null)
    {
        if (_address is not { } address)
            return default;
        using var request = new HttpRequestMessage(new HttpMethod(method), address + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (session is not null)
            request.Headers.Add("Headgate-Session", session);
        try
        {
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return default;
        }
    }

    /// <summary>As <see cref="CallAsync"/>, again and again until it is answered without a fault of the service.</summary>
    public async Task<JsonNode> InsistAsync(string method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (status, answer) = await CallAsync(method, path, body);
            if (status is >= 200 and < 500 && status != 429)
                return answer ?? new JsonObject();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _client.Dispose();
    }
}
