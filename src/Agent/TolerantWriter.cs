using System.Text;

namespace Headgate.Agent;

/// <summary>A stream of the process that may be closed or on a full disk: what it refuses is lost, and nobody is told by an exception.</summary>
internal sealed class TolerantWriter(TextWriter writer) : TextWriter
{
    /// <summary>The stream stays its owner's to close.</summary>
    public static TextWriter Over(TextWriter writer) => new TolerantWriter(writer);

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Try(() => writer.Write(value));

    public override void Write(string? value) => Try(() => writer.Write(value));

    public override void WriteLine(string? value) => Try(() => writer.WriteLine(value));

    public override void Flush() => Try(writer.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The exit code still tells how it went.
        }
    }
}
