using System.Text;
using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Archive;

/// <summary>
/// Archives that are being written. Their names end in a mark by which every walk knows them; the agent remembers where they lie, so that
/// what a killed life of it left goes at the next start, and what anybody left beside an output goes before that output is written.
/// </summary>
/// <param name="folder">Of the agent's state: one small file for each.</param>
internal sealed class UnfinishedArchives(string folder, AgentLog log)
{
    public const string Mark = ".headgate" + DurableFile.Unfinished;

    /// <summary>Removes what an earlier life of this agent left. In a copy of its state the notes may be another's, which is at work.</summary>
    public void Clean()
    {
        FolderUnavailableException.Guard(folder, () => OwnFolder.Ensure(folder));
        foreach (var note in Directory.EnumerateFiles(folder))
        {
            if (TryRead(note) is { } left && left.EndsWith(Mark, StringComparison.Ordinal) && !IsBeingWritten(left))
                Remove(left);
            Remove(note);
        }
    }

    /// <summary>Names the file to write for an output; the folder beside it is rid of what nobody writes any more.</summary>
    /// <returns>Gives up the name: the file goes where it is still there.</returns>
    public Unfinished Begin(string output)
    {
        var beside = Path.GetDirectoryName(output)!;
        foreach (var left in Directory.EnumerateFiles(beside).Where(f => IsOf(output, f) && !IsBeingWritten(f)).ToList())
            Remove(left);
        var path = $"{output}.{Path.GetRandomFileName()}{Mark}";
        var note = Path.Combine(OwnFolder.Ensure(folder), Path.GetRandomFileName());
        DurableFile.Write(note, Encoding.UTF8.GetBytes(path));
        return new Unfinished(path, note);
    }

    private static bool IsOf(string output, string file) => file.StartsWith(output + ".", StringComparison.Ordinal) && file.EndsWith(Mark, StringComparison.Ordinal);

    // Who writes it holds it locked.
    private static bool IsBeingWritten(string file)
    {
        try
        {
            using var free = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static string? TryRead(string note)
    {
        try
        {
            return File.ReadAllText(note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warn("unfinished-left", ("file", file), ("reason", e.Message));
        }
    }

    internal sealed record Unfinished(string Path, string Note) : IDisposable
    {
        public void Dispose()
        {
            // Nothing to delete once it has been renamed.
            File.Delete(Path);
            File.Delete(Note);
        }
    }
}
