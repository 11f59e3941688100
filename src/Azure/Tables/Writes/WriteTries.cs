using Azure.Core;
using Azure.Core.Pipeline;

namespace Headgate.Azure.Tables.Writes;

/// <summary>
/// Watches the tries of one write. A try without an answer, or with a server failure, may have been applied; then a conflict of the next try
/// may be with the write itself.
/// </summary>
internal sealed class WriteTries
{
    private const string Property = "Headgate.WriteTries";

    public bool MayHaveBeenApplied { get; private set; }

    public static WriteTries? Of(HttpMessage message) => message.TryGetProperty(Property, out var value) ? value as WriteTries : null;

    /// <summary>Counts every request until the scope is disposed as a try of this write.</summary>
    public IDisposable Watch() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Property] = this });

    public void EndedWithoutAnswer() => MayHaveBeenApplied = true;

    public void Answered(int status)
    {
        // The server sends 429 and 503 before it does any work.
        if (status is 408 or 500 or 502 or 504)
            MayHaveBeenApplied = true;
    }
}
