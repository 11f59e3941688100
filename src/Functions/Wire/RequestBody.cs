using System.Buffers;
using System.Text.Json;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>
/// A request's JSON object, or why it is none. Valid UTF-8, with or without a byte order mark, at most 256 KiB and 32 levels, no name twice
/// in an object. An empty body is an empty object. The elements live until the body is disposed.
/// </summary>
public sealed class RequestBody : IDisposable
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>How much of a body that is too large is read, so that its sender reads the answer instead of a broken connection.</summary>
    public const int MaxDiscarded = 4 * 1024 * 1024;

    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private readonly byte[]? _rented;
    private readonly JsonDocument? _document;
    private readonly Refusal? _refusal;

    private RequestBody(HttpRequest request, byte[] rented, ReadOnlyMemory<byte> bytes)
        : this(request)
    {
        _rented = rented;
        Utf8 = bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        var json = Utf8.IsEmpty ? EmptyObject : Utf8;
        var problem = Check(json.Span);
        if (problem is null)
        {
            try
            {
                _document = JsonDocument.Parse(json, Strict);
                problem = _document.RootElement.ValueKind == JsonValueKind.Object ? null : "must be a JSON object";
            }
            catch (JsonException)
            {
                problem = JsonFaults.Describe(json);
            }
        }

        if (problem is not null)
            MarkUnreadable(problem, ref _document);
    }

    private RequestBody(HttpRequest request, Refusal refusal)
        : this(request) => _refusal = refusal;

    private RequestBody(HttpRequest request, string problem)
        : this(request) => MarkUnreadable(problem, ref _document);

    private RequestBody(HttpRequest request) => UnknownParameters.Of(request)?.AddTo(Problems);

    /// <summary>What is wrong with the request; readers of the body and of headers add to it.</summary>
    public Problems Problems { get; } = new();

    /// <summary>Null where the body can be read.</summary>
    public Refusal? Refusal => _refusal ?? (_document is null ? Refusals.InvalidBody(Problems) : null);

    /// <summary>The text as sent, without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonElement Root => _document?.RootElement ?? throw new InvalidOperationException("The body was refused.");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // One byte of room more than is due tells a body that is too long from one that ends at the limit.
        var expected = request.ContentLength is >= 0 and <= MaxBytes and { } length ? (int)length + 1 : 4096;
        var buffer = ArrayPool<byte>.Shared.Rent(expected);
        try
        {
            var count = 0;
            while (true)
            {
                if (count == buffer.Length)
                    buffer = Grow(buffer);
                var read = await request.Body.ReadAsync(buffer.AsMemory(count), cancellationToken);
                if (read == 0)
                    break;
                count += read;
                if (count > MaxBytes)
                {
                    await DiscardAsync(request.Body, buffer, count, cancellationToken);
                    ArrayPool<byte>.Shared.Return(buffer);
                    return new RequestBody(request, Refusals.BodyTooLarge);
                }
            }

            return new RequestBody(request, buffer, buffer.AsMemory(0, count));
        }
        catch (BadHttpRequestException failure)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return failure.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new RequestBody(request, Refusals.BodyTooLarge)
                : new RequestBody(request, "ends before its announced length");
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose()
    {
        _document?.Dispose();
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }

    private static string? Check(ReadOnlySpan<byte> json)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json))
            return "is not valid UTF-8";
        return JsonFaults.HasHalfCharacter(json) ? "has text that is not valid Unicode" : null;
    }

    private void MarkUnreadable(string problem, ref JsonDocument? document)
    {
        Problems.Add("", problem);
        document?.Dispose();
        document = null;
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MaxBytes + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static async ValueTask DiscardAsync(Stream body, byte[] buffer, long count, CancellationToken cancellationToken)
    {
        int read;
        do
        {
            read = await body.ReadAsync(buffer, cancellationToken);
            count += read;
        }
        while (read > 0 && count < MaxDiscarded);
    }
}
