using System.Globalization;
using Azure;

namespace Headgate.Azure.Tables;

/// <summary>The server's <c>Retry-After</c>.</summary>
internal static class ServerDelay
{
    /// <summary>Null if it is missing or not in seconds.</summary>
    public static TimeSpan? Of(Response answer) =>
        answer.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
