using Headgate.Core.Validation;
using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Chaos;

/// <summary>A copy of a data folder that goes away in the end. What it is a copy of is only read.</summary>
internal sealed class ChaosFolder : IDisposable
{
    private const string Lock = "headgate.lock";

    private ChaosFolder(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="StartRefusedException">There is no such folder, or a service uses it.</exception>
    public static ChaosFolder CopyOf(string data)
    {
        if (!Directory.Exists(data))
            throw new StartRefusedException([new Problem("data", $"there is no folder '{data}'")]);
        var copy = new ChaosFolder(Directory.CreateTempSubdirectory("headgate-chaos-").FullName);
        try
        {
            using var held = Hold(System.IO.Path.Combine(data, Lock));
            foreach (var file in Directory.EnumerateFiles(data).Where(file => System.IO.Path.GetFileName(file) != Lock))
                File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
            return copy;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            copy.Dispose();
            throw new StartRefusedException([new Problem("data", $"'{data}' can't be copied; is a service using it? {refused.Message}")]);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static FileStream? Hold(string path) => File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
}
