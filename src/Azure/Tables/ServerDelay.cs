using System.Globalization;
using Azure;

namespace Headgate.Azure.Tables;

/// <summary>How long the server asks to be left alone.</summary>
internal static class ServerDelay
{
    /// <summary>Null where it does not say so in seconds.</summary>
    public static TimeSpan? Of(Response answer) =>
        answer.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
