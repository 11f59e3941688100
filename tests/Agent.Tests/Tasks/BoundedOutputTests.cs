using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Agent.Tasks.Command;

namespace Headgate.Agent.Tests.Tasks;

public sealed class BoundedOutputTests
{
    [Fact]
    public void ToString_AnyChunks_KeepsFirstAndLastAndCountsTheRest() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var limit = random.Next(2, 40);
            var output = new BoundedOutput(limit);
            var all = new StringBuilder();
            for (var i = random.Next(8); i > 0; i--)
            {
                var chunk = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next('a', 'z')));
                all.Append(chunk);
                output.Append(Encoding.ASCII.GetBytes(chunk));
            }

            var text = all.ToString();
            var (head, tail) = (limit / 2, limit - (limit / 2));
            Assert.Equal(text.Length <= limit ? text : $"{text[..head]}\n[… {text.Length - limit} bytes cut …]\n{text[^tail..]}", output.ToString());
        }).QuickCheckThrowOnFailure();
}
