using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Headgate.Functions.Wire;

/// <summary>What a function answers: UTF-8 JSON with its length, written straight to the response. Flushing is the server's.</summary>
public abstract class Reply(int status) : IActionResult
{
    private const int MaxKeptBuffer = 256 * 1024;

    // Answers are JSON documents of their own, never parts of a page: nothing but what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private List<KeyValuePair<string, string>>? _headers;

    /// <summary>HTTP's.</summary>
    public int Status => status;

    /// <summary>For audits: whose change it answers, if the path names no tenant.</summary>
    public string? TenantId { get; private set; }

    /// <summary>For audits: everything was as the call wants it, and nothing was written.</summary>
    public bool ChangesNothing { get; private set; }

    public static Reply Ok<T>(T value, JsonTypeInfo<T> type) => new JsonReply<T>(200, value, type);

    public static Reply Json<T>(int status, T value, JsonTypeInfo<T> type) => new JsonReply<T>(status, value, type);

    /// <summary>The body that <see cref="Json"/> sends, to be kept and sent again as it is.</summary>
    public static byte[] BodyOf<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            JsonSerializer.Serialize(writer, value, type);
        return buffer.WrittenSpan.ToArray();
    }

    public static Reply NoContent() => new EmptyReply(204);

    public static Reply Refused(Refusal refusal) => new RefusalReply(refusal);

    /// <param name="body">JSON, sent as it is.</param>
    public static Reply Bytes(int status, ReadOnlyMemory<byte> body) => new BytesReply(status, body);

    public Reply WithHeader(string name, string value)
    {
        (_headers ??= new(1)).Add(new(name, value));
        return this;
    }

    public Reply About(string? tenantId)
    {
        TenantId = tenantId;
        return this;
    }

    /// <summary>The call has written nothing: it leaves no row in the audit.</summary>
    public Reply WithoutChange()
    {
        ChangesNothing = true;
        return this;
    }

    public Task ExecuteResultAsync(ActionContext context)
    {
        Write(context.HttpContext);
        return Task.CompletedTask;
    }

    public void Write(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (_headers is not null)
        {
            foreach (var (name, value) in _headers)
                response.Headers[name] = value;
        }

        WriteBody(http);
    }

    protected abstract void WriteBody(HttpContext http);

    protected static void WriteBytes(HttpResponse response, ReadOnlySpan<byte> body, string type = "application/json")
    {
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
    }

    /// <summary>Builds the JSON in a buffer of the thread first, because its length goes into a header.</summary>
    protected static void WriteJson<TState>(HttpResponse response, TState state, Action<TState, Utf8JsonWriter> write, string type = "application/json")
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(Stream.Null, Readable);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(state, writer);
        writer.Flush();
        WriteBytes(response, buffer.WrittenSpan, type);
        if (buffer.Capacity > MaxKeptBuffer)
            _buffer = null;
    }

    private sealed class EmptyReply(int status) : Reply(status)
    {
        protected override void WriteBody(HttpContext http)
        {
        }
    }

    private sealed class BytesReply(int status, ReadOnlyMemory<byte> body) : Reply(status)
    {
        protected override void WriteBody(HttpContext http) => WriteBytes(http.Response, body.Span);
    }

    private sealed class JsonReply<T>(int status, T value, JsonTypeInfo<T> type) : Reply(status)
    {
        protected override void WriteBody(HttpContext http) =>
            WriteJson(http.Response, this, static (reply, writer) => JsonSerializer.Serialize(writer, reply.Value, reply.Type));

        private T Value { get; } = value;

        private JsonTypeInfo<T> Type { get; } = type;
    }
}

/// <summary>An invocation whose host itself knows what the function returned; the worker knows it of any other.</summary>
public interface IAnsweredInvocation
{
    /// <summary>Null until the function has returned, and if a middleware answered in its place.</summary>
    object? Result { get; }
}
