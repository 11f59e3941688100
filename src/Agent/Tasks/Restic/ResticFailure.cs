using Headgate.Core.Failures;

namespace Headgate.Agent.Tasks.Restic;

/// <summary>
/// The class of a failure: by exit code, which restic has since 0.17, then by the text of older ones. In that text an unreachable
/// repository reads like a missing one with a reason, so the reasons come first; a short file reads like a connection that ended, so that comes last.
/// </summary>
internal static class ResticFailure
{
    /// <summary>Of this agent, for a restic that is not there or can't be started: an upgrade may be putting a new one in its place.</summary>
    public const int NotStarted = 127;

    private const int NoRepository = 10;
    private const int Locked = 11;
    private const int WrongPassword = 12;

    private static readonly (FailureClass Class, string[] Phrases)[] s_texts =
    [
        (FailureClass.Auth, ["wrong password", "no key found", "permission denied", "access denied", "accessdenied", "(401)", "(403)", "401 unauthorized", "403 forbidden", "host key verification failed"]),
        (FailureClass.Resource, ["already locked", "unable to create lock", "no space left", "disk quota exceeded", "too many open files", "cannot allocate memory", "(429)", "(507)"]),
        (FailureClass.Network,
        [
            "connection refused", "connection reset", "connection timed out", "no such host", "no route to host", "network is unreachable", "i/o timeout", "tls handshake", "broken pipe",
            "temporary failure in name resolution", "could not resolve hostname", "unable to start the sftp session", "ssh: connect", "(502)", "(503)", "(504)",
        ]),
        (FailureClass.Permanent,
        [
            "is there a repository at the following location", "repository does not exist", "unable to open config file", "no matching id found", "failed to find snapshot", "no snapshot found",
            "repository contains errors", "ciphertext verification failed", "loadindex returned errors", "invalid data returned", "invalid pattern(s) provided",
            "unsupported repository version", "unknown flag", "invalid backend",
        ]),
        (FailureClass.Network, ["unexpected eof"]),
    ];

    public static bool IsLocked(int code, string text) => code == Locked || text.Contains("already locked", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null leaves it to the service.</summary>
    public static string? Category(int code, string text)
    {
        FailureClass? known = code switch
        {
            NoRepository => FailureClass.Permanent,
            Locked or NotStarted => FailureClass.Resource,
            WrongPassword => FailureClass.Auth,
            _ => null,
        };
        if (known is null && s_texts.FirstOrDefault(t => Array.Exists(t.Phrases, phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase))) is { Phrases: not null } found)
            known = found.Class;
        return known?.WireName();
    }
}
