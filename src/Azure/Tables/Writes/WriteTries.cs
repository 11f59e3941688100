using Azure.Core;
using Azure.Core.Pipeline;

namespace Headgate.Azure.Tables.Writes;

/// <summary>
/// What is known of the tries of one write. A try that ended without an answer, or with the server's own failure, may have been
/// applied all the same: a conflict that the next try meets can then be with the write itself.
/// </summary>
internal sealed class WriteTries
{
    private const string Property = "Headgate.WriteTries";

    public bool MayHaveBeenApplied { get; private set; }

    public static WriteTries? Of(HttpMessage message) => message.TryGetProperty(Property, out var value) ? value as WriteTries : null;

    /// <summary>Every request until the end of the scope is a try of this write.</summary>
    public IDisposable Watch() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Property] = this });

    public void EndedWithoutAnswer() => MayHaveBeenApplied = true;

    public void Answered(int status)
    {
        // 429 and 503 turn the request away at the door; other failures may come after the work.
        if (status is 408 or 500 or 502 or 504)
            MayHaveBeenApplied = true;
    }
}
