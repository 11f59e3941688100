namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>A copy of <c>infra/</c> in a folder of its own with one place changed.</summary>
internal sealed class InfrastructureCopy : IDisposable
{
    private readonly DirectoryInfo _folder;

    /// <param name="path">From <c>infra/</c>.</param>
    /// <param name="from">Stands in the file once.</param>
    /// <param name="to">Stands there instead.</param>
    public InfrastructureCopy(string path, string from, string to)
    {
        var changed = Text.Changed(Sources.Text(path), from, to);
        _folder = Directory.CreateTempSubdirectory("headgate-infra-");
        foreach (var file in Sources.Paths)
        {
            var copy = Path.Combine(_folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Sources.Root, file), copy);
        }

        File.WriteAllText(Path.Combine(_folder.FullName, path), changed);
        Compiler = new BicepCompiler(Compiled.Servers, _folder.FullName);
    }

    public BicepCompiler Compiler { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
