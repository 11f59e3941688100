namespace Headgate.Load.Rig;

/// <summary>A folder that goes away with the measure.</summary>
internal sealed class TemporaryFolder(string parent) : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(parent, $"headgate-load-{Guid.NewGuid():N}")).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
