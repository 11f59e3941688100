using System.Buffers;
using System.Text;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Headgate.Functions.Api.Events;

/// <summary>How often a stream looks and writes.</summary>
/// <param name="LookEvery">Without a sign of a change; also how soon a stream ends whose caller may see it no longer.</param>
/// <param name="AtMostEvery">However many changes there are.</param>
/// <param name="Life">Then it ends, and its caller comes back: the functions host ends a process in which a call takes longer than its timeout.</param>
internal sealed record StreamPace(TimeSpan LookEvery, TimeSpan AtMostEvery, TimeSpan Life)
{
    /// <summary>For a process that hears of every change.</summary>
    public static readonly StreamPace Told = new(TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    /// <summary>For one that has to ask.</summary>
    public static readonly StreamPace Asking = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(4));

    /// <summary>Without an event for so long, a comment is sent: what stands between may end a connection that is silent.</summary>
    public static TimeSpan Comment => TimeSpan.FromSeconds(15);
}

/// <summary>
/// Server-sent events (WHATWG HTML, section 9.2). Each event is a view as it is now, never a difference, so a caller that reads slowly misses
/// steps between and never the last one. The stream ends when nothing more can come, when the caller may see it no longer, when its life is
/// over, and when the service stops.
/// </summary>
/// <param name="feed">What it shows.</param>
/// <param name="changes">Wakes it.</param>
/// <param name="open">Its place among the caller's streams, given up at its end.</param>
/// <param name="isStillAllowed">Asked now and then.</param>
internal sealed class EventStream(
    EventFeed feed,
    RowChanges.Listener changes,
    IDisposable open,
    StreamPace pace,
    Func<CancellationToken, ValueTask<bool>> isStillAllowed,
    TimeProvider clock,
    CancellationToken stopping) : IActionResult
{
    public const string MediaType = "text/event-stream";

    private const string LastEventId = "Last-Event-ID";

    private static readonly byte[] s_beginning = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] s_comment = ": still here\n\n"u8.ToArray();

    private long _wroteAt;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        UnmeasuredCall.Mark(http);
        using (open)
        using (changes)
        using (var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping))
        {
            try
            {
                await RunAsync(http, ended.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The caller has left, or the service stops: either way nobody waits for more.
            }
        }
    }

    private async Task RunAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var since = http.Request.Headers[LastEventId] is [{ } position] ? position : null;
        var first = await NewsAsync(feed.FirstAsync(since, cancellationToken));
        if (since == feed.Position && feed.IsOver)
        {
            // A browser that is answered so doesn't come back.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        http.Response.ContentType = MediaType + "; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store, no-transform";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(http.Request.Method))
            return;

        http.Response.BodyWriter.Write(s_beginning);
        await WriteAsync(http, since == feed.Position ? [] : first, cancellationToken);
        var began = clock.GetTimestamp();
        while (!feed.IsOver && clock.GetElapsedTime(began) < pace.Life)
        {
            await changes.WaitAsync(pace.LookEvery, cancellationToken);
            await Task.Delay(pace.AtMostEvery, clock, cancellationToken);
            if (!await isStillAllowed(cancellationToken))
                return;
            await WriteAsync(http, await NewsAsync(feed.NextAsync(cancellationToken)), cancellationToken);
        }
    }

    private async ValueTask<List<ViewEvent>> NewsAsync(IAsyncEnumerable<ViewEvent> views)
    {
        var news = new List<ViewEvent>();
        await foreach (var view in views)
        {
            if (feed.IsNews(view))
                news.Add(view);
        }

        return news;
    }

    private async ValueTask WriteAsync(HttpContext http, List<ViewEvent> news, CancellationToken cancellationToken)
    {
        if (news.Count == 0 && _wroteAt != 0 && clock.GetElapsedTime(_wroteAt) < StreamPace.Comment)
            return;

        // An event is an answer: what it rests on is on disk before it leaves.
        if (http.Features.Get<WritesOnDisk>() is { } writes)
            await writes.FlushedAsync();
        var body = http.Response.BodyWriter;
        for (var i = 0; i < news.Count; i++)
            Write(body, news[i], i == news.Count - 1 ? feed.Position : null);
        if (news.Count == 0)
            body.Write(s_comment);
        await body.FlushAsync(cancellationToken);
        _wroteAt = clock.GetTimestamp();
    }

    // Only the last event of a look has the id: whoever comes back with it has seen all of the look.
    private static void Write(IBufferWriter<byte> body, ViewEvent view, string? id)
    {
        body.Write(Encoding.UTF8.GetBytes(id is null ? $"event: {view.Kind}\ndata: " : $"event: {view.Kind}\nid: {id}\ndata: "));
        body.Write(view.Json);
        body.Write("\n\n"u8);
    }
}
