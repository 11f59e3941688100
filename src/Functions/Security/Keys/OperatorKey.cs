namespace Headgate.Functions.Security.Keys;

/// <summary>
/// The operator's key, given to the process by the host it runs on and held in memory alone. Registered as a singleton
/// where there is one.
/// </summary>
/// <param name="Id">The key's id.</param>
/// <param name="SecretHash">SHA-256 of its secret.</param>
public sealed record OperatorKey(string Id, byte[] SecretHash)
{
    /// <summary>
    /// Reads a key that people chose themselves: its secret must have at least 32 characters, 16 of them different.
    /// </summary>
    /// <param name="text"><c>hg_{id}_{secret}</c>.</param>
    /// <param name="problem">Why it is refused, in a sentence fragment that does not repeat it; null where it is good.</param>
    public static OperatorKey? Read(string text, out string? problem)
    {
        problem = !ApiKey.TryParse(text, out var id, out var secret) ? "must have the form hg_<id>_<secret>, the id of letters, digits and dashes, the secret of these and underscores"
            : secret.Length < ApiKey.MinOperatorSecret ? $"must have a secret of at least {ApiKey.MinOperatorSecret} characters"
            : Distinct(secret) < ApiKey.MinOperatorDistinct ? $"must have a secret with at least {ApiKey.MinOperatorDistinct} different characters"
            : null;
        return problem is null ? new OperatorKey(id.ToString(), ApiKey.Hash(secret)) : null;
    }

    private static int Distinct(ReadOnlySpan<char> text)
    {
        var seen = new HashSet<char>();
        foreach (var character in text)
            seen.Add(character);
        return seen.Count;
    }
}
