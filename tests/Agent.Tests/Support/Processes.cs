namespace Headgate.Agent.Tests.Support;

internal static class Processes
{
    /// <summary>A process that is there and not merely waiting to be collected.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')')..].Split(' ')[1] is not ("Z" or "X");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The ids in a file that a script wrote, one a line; waits until there are so many.</summary>
    public static async Task<IReadOnlyList<int>> WrittenAsync(string file, int count)
    {
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllLines(file).Length >= count, $"{count} ids in {file}");
        return [.. File.ReadAllLines(file).Select(int.Parse)];
    }
}
