namespace Headgate.Agent.Tests.Support;

/// <summary>A folder of its own for one test, with its links followed; gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Agent.Files.RealPath.Of(Directory.CreateTempSubdirectory("headgate-agent-").FullName)!;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Folder(string name) => Directory.CreateDirectory(At(name)).FullName;

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string Link(string name, string target)
    {
        File.CreateSymbolicLink(At(name), target);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
