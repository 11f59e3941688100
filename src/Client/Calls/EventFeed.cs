using System.Net;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;

namespace Headgate.Client.Calls;

/// <summary>
/// A stream of server-sent events that is taken up again, after the last event that came, whenever its connection is lost. It ends where the service
/// says so, and is given up after ten tries in a row without an event.
/// </summary>
/// <param name="wire">Sends the calls.</param>
/// <param name="path">Of the stream.</param>
internal sealed class EventFeed(Wire wire, string path) : IAsyncDisposable
{
    /// <summary>The service sends a comment each 15 seconds; after three that did not come nobody is there.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    private const int MostFailures = 10;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<string>>? _items;
    private SseParser<string>? _parser;
    private string? _last;
    private bool _wasOpen;
    private int _failures;

    /// <summary>Set by the reader: nothing can come after what has been told, so that a lost connection is the end.</summary>
    public bool IsOver { get; set; }

    /// <summary>Waits for the next event, and connects again where it must.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="HeadgateException">The stream was refused.</exception>
    /// <exception cref="HttpRequestException">There is no such stream, or it broke too often.</exception>
    public async ValueTask<SseItem<string>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = s_shortestPause;
            try
            {
                if (_items is null && !await OpenAsync(cancellationToken))
                    return null;
                if (await _items!.MoveNextAsync())
                {
                    _failures = 0;
                    _last = _items.Current.EventId ?? _last;
                    return _items.Current;
                }

                if (_parser!.ReconnectionInterval > pause)
                    pause = _parser.ReconnectionInterval;
            }
            catch (Exception broken) when (!IsOver && _wasOpen && IsPassing(broken) && ++_failures < MostFailures)
            {
                pause = s_shortestPause * Math.Pow(2, _failures - 1);
            }
            catch (Exception broken) when (IsOver && IsPassing(broken))
            {
                return null;
            }

            if (IsOver)
                return null;
            await CloseAsync();
            await Task.Delay(Jittered(pause < s_longestPause ? pause : s_longestPause), wire.Time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    // Whoever was told that they are too many may be so because the lost connection is not yet noticed.
    private static bool IsPassing(Exception failure) => failure is IOException or HttpRequestException
        || failure is HeadgateException { Status: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests };

    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.8 + (RandomNumberGenerator.GetInt32(4001) / 10_000.0));

    /// <summary>Connects behind the last event that was told.</summary>
    /// <returns>False if nothing will ever come.</returns>
    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Options.Set(Retries.IsStream, true);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_last is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        _response = await wire.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (_response.StatusCode == HttpStatusCode.NoContent)
            return false;
        if (_response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw Wire.NotOurs(_response, null);
        _wasOpen = true;
        _parser = SseParser.Create(new HeardStream(await _response.Content.ReadAsStreamAsync(cancellationToken), LongestSilence, wire.Time));
        _items = _parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        return true;
    }

    private async ValueTask CloseAsync()
    {
        if (_items is not null)
            await _items.DisposeAsync();
        _items = null;
        _response?.Dispose();
        _response = null;
    }
}

/// <summary>Reads a stream that never stays silent for long: if it does, its connection is dead.</summary>
internal sealed class HeardStream(Stream inner, TimeSpan longest, TimeProvider time) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException silent) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came for {longest.TotalSeconds:0} s.", silent);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
