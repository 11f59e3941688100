using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>
/// The answer to a batch: one part for each action, or a single one with the refusal. Parts are found by their status lines, so that
/// boundaries need not be known.
/// </summary>
internal static class TransactionAnswer
{
    /// <exception cref="TableTransactionFailedException">A part refuses.</exception>
    /// <exception cref="RequestFailedException">Parts are missing: whether the batch was applied is unknown.</exception>
    public static IReadOnlyList<Response> Read(Response response, int actions)
    {
        var parts = Parts(response.Content.ToString(), response);
        if (parts.FirstOrDefault(part => part.Status >= 400) is { } refusal)
            throw new TableTransactionFailedException(TableFailure.Of(refusal));
        return parts.Count == actions
            ? parts
            : throw TableFailure.Unreadable(response, new FormatException($"The answer has {parts.Count} parts for {actions} actions."));
    }

    private static List<PartResponse> Parts(string text, Response whole)
    {
        var parts = new List<PartResponse>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (StatusOf(lines[i]) is not { } status)
                continue;
            var part = new PartResponse(status, lines[i].TrimEnd().Split(' ', 3).ElementAtOrDefault(2) ?? "", whole);
            for (i++; i < lines.Length && lines[i].TrimEnd() is { Length: > 0 } line; i++)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                    part.AddHeader(line[..colon], line[(colon + 1)..].Trim());
            }

            for (i++; i < lines.Length && !lines[i].StartsWith("--", StringComparison.Ordinal); i++)
                part.AddText(lines[i].TrimEnd());
            parts.Add(part);
        }

        return parts;
    }

    private static int? StatusOf(string line) =>
        line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && line.Length >= 12
        && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;
}
