using Headgate.Contracts.Agents;

namespace Headgate.Agent.Reporting;

/// <summary>One unsettled result.</summary>
/// <param name="Bytes">As it goes over the wire.</param>
/// <param name="File">Where it is kept; null as long as the disk refuses it.</param>
internal sealed class OutboxEntry(TaskResult result, int bytes, OutboxFile? file)
{
    public TaskResult Result { get; } = result;

    public int Bytes { get; } = bytes;

    public OutboxFile? File { get; set; } = file;
}

/// <summary>Results that were written together; the file goes when the last of them is settled.</summary>
internal sealed class OutboxFile(string path, int results)
{
    public const string Ending = ".json";

    private int _left = results;

    public void Release()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            File.Delete(path);
    }
}
