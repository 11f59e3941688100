using System.Buffers;
using System.Text.Json;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Http.Wire;

/// <summary>
/// A request's JSON object, or why it is none. Valid UTF-8, at most 256 KiB and 32 levels, no name twice in an object.
/// An empty body is an empty object. The elements live until the body is disposed.
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

    private RequestBody(byte[] rented, ReadOnlyMemory<byte> utf8)
    {
        _rented = rented;
        Utf8 = utf8;
        var json = utf8.IsEmpty ? EmptyObject : utf8;
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
            Refusal = Invalid(problem);
    }

    private RequestBody(Refusal refusal) => Refusal = refusal;

    /// <summary>Null where the body can be read.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The bytes as sent.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonElement Root => Refusal is null ? _document!.RootElement : throw new InvalidOperationException("The body was refused.");

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
                    return Give(Refusals.BodyTooLarge, buffer);
                }
            }

            return new RequestBody(buffer, buffer.AsMemory(0, count));
        }
        catch (BadHttpRequestException failure)
        {
            return Give(failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusals.BodyTooLarge : Invalid("ends before its announced length"), buffer);
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

    private static RequestBody Give(Refusal refusal, byte[] rented)
    {
        ArrayPool<byte>.Shared.Return(rented);
        return new RequestBody(refusal);
    }

    private static Refusal Invalid(string message)
    {
        var problems = new Problems();
        problems.Add("", message);
        return Refusals.InvalidBody(problems);
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
