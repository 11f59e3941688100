namespace Headgate.Demo;

/// <summary>The programs the demonstration's tasks start.</summary>
internal sealed class Scripts
{
    public const string Cat = "/usr/bin/cat";
    public const string Copy = "/usr/bin/cp";
    public const string Compare = "/usr/bin/cmp";
    public const string MakeFolder = "/usr/bin/mkdir";
    public const string Sleep = "/usr/bin/sleep";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public Scripts(string folder)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "scripts")).FullName;
        Flaky = Write(home, "flaky.sh", """
            #!/bin/sh
            # Fails until its file has two lines: a peer that is down and comes back.
            echo attempt >> "$1"
            [ "$(wc -l < "$1")" -gt 2 ] && exit 0
            echo "connect to peer: connection refused" >&2
            exit 1
            """);
        Broken = Write(home, "broken.sh", """
            #!/bin/sh
            # Fails until somebody repairs what is broken.
            [ -e "$1" ] && exit 0
            echo "disk array: resource busy" >&2
            exit 1
            """);
        Locked = Write(home, "locked.sh", """
            #!/bin/sh
            # Refuses until the password is there.
            [ -e "$1" ] && exit 0
            echo "vault: wrong password" >&2
            exit 1
            """);
    }

    public static IReadOnlyList<string> SystemPrograms { get; } = [Cat, Copy, Compare, MakeFolder, Sleep];

    public string Flaky { get; }

    public string Broken { get; }

    public string Locked { get; }

    public IReadOnlyList<string> All => [Flaky, Broken, Locked];

    private static string Write(string home, string name, string text)
    {
        var path = Path.Combine(home, name);
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Executable);
        return path;
    }
}
