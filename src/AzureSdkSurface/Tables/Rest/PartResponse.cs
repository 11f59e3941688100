using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>One part of a batch's answer. Headers it lacks, such as the request's id, are those of the whole.</summary>
internal sealed class PartResponse : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly MemoryStream _body = new();

    public PartResponse(int status, string reason, Response whole)
    {
        (Status, ReasonPhrase, ClientRequestId) = (status, reason, whole.ClientRequestId);
        foreach (var name in (string[])["x-ms-request-id", "Date"])
        {
            if (whole.Headers.TryGetValue(name, out var value))
                _headers[name] = value;
        }
    }

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream? ContentStream
    {
        get => _body;
        set => throw new NotSupportedException("A part of an answer keeps its content.");
    }

    public override string ClientRequestId { get; set; }

    public override bool IsError => Status >= 400;

    public void AddHeader(string name, string value) => _headers[name] = value;

    public void AddText(string text) => _body.Write(Encoding.UTF8.GetBytes(text));

    public override void Dispose() => _body.Dispose();

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));
}
