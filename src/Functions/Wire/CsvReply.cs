using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

/// <summary>A table as RFC 4180 has it.</summary>
/// <param name="text">In UTF-8, with a line of names.</param>
public sealed class CsvReply(byte[] text) : Reply(StatusCodes.Status200OK)
{
    public const string MediaType = "text/csv";

    protected override void WriteBody(HttpContext http) => WriteBytes(http.Response, text, MediaType + "; charset=utf-8");
}
