using System.Net;
using Headgate.Fault.Tests.Witness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Fault.Tests.Wire;

/// <summary>
/// Stands between callers and the service, and now and then answers for it, cuts a connection before or after the call was passed on, or takes
/// its time. The first part of a path names who calls, where that begins with <c>~</c>; it is taken off.
/// </summary>
internal sealed class AnsweringProxy : IAsyncDisposable
{
    private static readonly string[] s_ofTheConnection = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive", "Expect"];
    private readonly WebApplication _app;
    private readonly HttpClient _service;
    private readonly Sightings _sightings;
    private readonly Chance _chance;
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private int _open;

    private AnsweringProxy(WebApplication app, HttpClient service, Sightings sightings, Chance chance) =>
        (_app, _service, _sightings, _chance) = (app, service, sightings, chance);

    /// <summary>One call in so many meets a fault; 0: none does.</summary>
    public int OneIn { get; set; }

    /// <summary>Answers everybody; null: nothing special.</summary>
    public ForeignAnswer? Outage { get; set; }

    /// <summary>Sees each call of an agent that was passed on, and what the service said, whether or not that reached its caller.</summary>
    public IOverhearer? Overhearer { get; set; }

    /// <summary>Calls under way of callers with a name, but for claims, which may be held for long.</summary>
    public int Open => Volatile.Read(ref _open);

    public Uri Address => new(_app.Urls.Single());

    /// <param name="service">Calls what stands behind; the proxy's own from now on.</param>
    public static async Task<AnsweringProxy> StartAsync(HttpClient service, Sightings sightings, Chance chance)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var proxy = new AnsweringProxy(builder.Build(), service, sightings, chance);
        proxy._app.Run(proxy.HandleAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>From now on nothing of this caller comes through, and nothing comes back to it.</summary>
    public void CutOff(string caller)
    {
        lock (_gone)
            _gone.Add(caller);
    }

    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _service.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var caller = path.StartsWith("/~", StringComparison.Ordinal) ? path[..path.IndexOf('/', 1)] : "";
        var isCounted = caller.Length > 0 && !path.EndsWith("/tasks/claim", StringComparison.Ordinal);
        if (isCounted)
            Interlocked.Increment(ref _open);
        try
        {
            await AnswerAsync(http, caller, path[caller.Length..]);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // The service, or the caller, is not there.
            if (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
                await new ForeignAnswer(502, "").WriteAsync(http.Response);
        }
        finally
        {
            if (isCounted)
                Interlocked.Decrement(ref _open);
        }
    }

    private async Task AnswerAsync(HttpContext http, string caller, string path)
    {
        if (path == ForeignAnswer.Elsewhere)
            _sightings.Broken("a redirect of a stranger was followed");
        var fault = Draw();
        if (IsGone(caller) || fault == ProxyFault.CutsBefore)
        {
            http.Abort();
            return;
        }

        if (fault == ProxyFault.Answers || Outage is not null)
        {
            await (Outage ?? _chance.Of(ForeignAnswer.All)).WriteAsync(http.Response);
            return;
        }

        if (fault == ProxyFault.IsLate)
            await PauseAsync();
        var call = await OverheardCall.ReadAsync(http.Request, path);
        using var request = Copy(http.Request, path, call.Body);
        Overhearer?.Calling(call);
        // Whatever becomes of the caller: what was passed on is heard to its end.
        using var response = await _service.SendAsync(request, CancellationToken.None);
        var body = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        Overhearer?.Answered(call, (int)response.StatusCode, body);
        if (fault == ProxyFault.CutsAfter || IsGone(caller))
            http.Abort();
        else if (fault == ProxyFault.AnswersAfter)
            await _chance.Of(ForeignAnswer.All).WriteAsync(http.Response);
        else
            await CopyAsync(response, body, http.Response);
    }

    private ProxyFault Draw() => OneIn > 0 && _chance.OneIn(OneIn)
        ? _chance.Of(ProxyFault.Answers, ProxyFault.Answers, ProxyFault.CutsBefore, ProxyFault.CutsAfter, ProxyFault.AnswersAfter, ProxyFault.IsLate)
        : ProxyFault.None;

    private bool IsGone(string caller)
    {
        lock (_gone)
            return _gone.Contains(caller);
    }

    // How late an answer is, is the fault itself.
    private async Task PauseAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(_chance.Between(1, 12)));
        await pause.WaitForNextTickAsync();
    }

    private static HttpRequestMessage Copy(HttpRequest from, string path, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), UriHelper.GetEncodedPathAndQuery(from)[(from.Path.Value!.Length - path.Length)..]);
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in from.Headers.Where(header => !s_ofTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage from, byte[] body, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers).Where(header => !s_ofTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            to.Headers[name] = values.ToArray();
        if (to.StatusCode != (int)HttpStatusCode.NoContent)
            await to.Body.WriteAsync(body);
    }

    private enum ProxyFault
    {
        None,
        Answers,
        CutsBefore,
        CutsAfter,
        AnswersAfter,
        IsLate,
    }
}
