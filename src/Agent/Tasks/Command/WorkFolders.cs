using Headgate.Agent.Files;

namespace Headgate.Agent.Tasks.Command;

/// <summary>Fresh folders for commands, closed to other users, under one folder that belongs to this agent alone.</summary>
internal sealed class WorkFolders(string root, AgentLog log)
{
    /// <summary>Removes what an earlier life of this agent left.</summary>
    public void Clean()
    {
        FolderUnavailableException.Guard(root, () => OwnFolder.Ensure(root));
        foreach (var folder in Directory.EnumerateDirectories(root))
            Remove(folder);
    }

    /// <exception cref="FolderUnavailableException">The disk is full or can't be written: not the task's fault.</exception>
    public string Create()
    {
        var folder = Path.Combine(root, Path.GetRandomFileName());
        FolderUnavailableException.Guard(root, () => OwnFolder.Ensure(folder));
        return folder;
    }

    /// <summary>Links inside are removed, not followed. What can't be removed is logged and left to the next start.</summary>
    public void Remove(string folder)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                Directory.Delete(folder, recursive: true);
            else if (!FolderRemoval.TryRemove(folder))
                log.Warn("work-folder-left", ("folder", folder), ("reason", "not all of it could be removed"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warn("work-folder-left", ("folder", folder), ("reason", e.Message));
        }
    }
}
