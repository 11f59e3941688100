using System.Text;
using Headgate.LocalHost.Commands;
using Xunit;

namespace Headgate.LocalHost.Tests.Commands;

public sealed class StandardStreamsTests
{
    [Fact]
    public void Write_StreamRefuses_IsNotToldAndTheNextTextCounts()
    {
        using var stream = new Full();
        using var tolerant = new StandardStreams.Tolerant(stream);

        tolerant.WriteLine("lost");
        tolerant.Write("lost");
        tolerant.Flush();
        stream.IsFull = false;
        tolerant.WriteLine("kept");

        Assert.Equal(["[3 texts could not be written here]", "kept"], stream.Lines);
    }

    private sealed class Full : TextWriter
    {
        public bool IsFull { get; set; } = true;

        public List<string> Lines { get; } = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value) => WriteLine(value);

        public override void WriteLine(string? value)
        {
            Flush();
            Lines.Add(value!);
        }

        public override void Flush()
        {
            if (IsFull)
                throw new IOException("No space left on device");
        }
    }
}
