using System.Text;

namespace Headgate.LocalHost.Commands;

/// <summary>Standard output and error where these may be closed, on a full disk or stuck: the service goes on without what they refuse.</summary>
internal static class StandardStreams
{
    /// <summary>A reader of a pipe that takes this long takes nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>From now on nobody who writes to them, the log included, meets an error of theirs.</summary>
    public static void Tolerate()
    {
        Console.SetOut(new Tolerant(Console.Out));
        Console.SetError(new Tolerant(Console.Error));
    }

    /// <summary>A line to the operator; not waited for where it is stuck.</summary>
    public static async Task TellAsync(TextWriter stream, string line) => await Task.WhenAny(Task.Run(() => stream.WriteLine(line)), Task.Delay(Patience));

    /// <summary>What is refused is counted; the next text that gets through is preceded by how many did not.</summary>
    internal sealed class Tolerant(TextWriter stream) : TextWriter
    {
        private readonly Lock _gate = new();
        private long _lost;

        public override Encoding Encoding => stream.Encoding;

        public override void Write(char value) => Try(() => stream.Write(value));

        public override void Write(string? value) => Try(() => stream.Write(value));

        public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

        public override void Flush() => Try(stream.Flush);

        private void Try(Action write)
        {
            lock (_gate)
            {
                try
                {
                    if (_lost > 0)
                        stream.WriteLine($"[{_lost} texts could not be written here]");
                    _lost = 0;
                    write();
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ObjectDisposedException)
                {
                    _lost++;
                }
            }
        }
    }
}
