using System.Text.Json;
using Headgate.Core.Validation;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class ObjectReaderTests
{
    [Fact]
    public void Fields_AllRight_ReadWithoutProblems()
    {
        var reader = Read("""
            {"s":"a-1","i":-3,"n":0.5,"b":true,"t":"2030-01-01T02:00:00.250+02:00","o":{"x":1},"l":[{"x":2}],
             "w":["a","b"],"m":{"os":"linux"},"c":{"command":2},"r":{"any":[1, 2]},"z":null}
            """);

        Assert.Equal("a-1", reader.String("s", TextRule.TaskName, required: true));
        Assert.Equal(-3, reader.Int("i", -5, 5));
        Assert.Equal(0.5, reader.Number("n", 0, 1));
        Assert.True(reader.Bool("b"));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, 250, TimeSpan.Zero), reader.Time("t"));
        var inner = reader.Object("o")!;
        Assert.Equal(1, inner.Int("x", 0, 9));
        inner.End();
        var item = Assert.Single(reader.Objects("l", 1, 2)!);
        Assert.Equal(2, item.Int("x", 0, 9));
        item.End();
        Assert.Equal(["a", "b"], reader.Strings("w", 5, TextRule.TaskName)!);
        Assert.Equal("linux", reader.StringMap("m", 5, TextRule.Plain(63), TextRule.Free(128))!["os"]);
        Assert.Equal(2, reader.IntMap("c", 5, TextRule.TaskType, 0, 100)!["command"]);
        Assert.Equal("""{"any":[1, 2]}""", reader.Raw("r", 100)!.Value.GetRawText());
        Assert.True(reader.IsNull("z"));
        Assert.Null(reader.String("z", TextRule.TaskName));
        Assert.Null(reader.String("absent", TextRule.TaskName));
        reader.End();
        Assert.Equal("", reader.Problems.ToString());
    }

    [Fact]
    public void Fields_AllWrong_EveryProblemAtOnce()
    {
        var reader = Read("""
            {"s":"a b","s2":5,"i":1e400,"i2":2.5,"i3":-1,"n":1e400,"b":"true","t":"2030-01-01T00:00:00","t2":"soon","o":[],"l":[{},7,{}],
             "w":["a b",1],"m":{"":"x","k":5},"c":{"command":99999999999},"r":{"any":"far too long"},"nmae":"x"}
            """);

        reader.String("s", TextRule.TaskName);
        reader.String("s2", TextRule.TaskName);
        reader.String("name", TextRule.DisplayName, required: true);
        reader.Int("i", 1, 86400);
        reader.Int("i2", 1, 86400);
        reader.Int("i3", 0, int.MaxValue);
        reader.Number("n", 0, 1);
        reader.Bool("b");
        reader.Time("t");
        reader.Time("t2");
        reader.Object("o");
        foreach (var item in reader.Objects("l", 0, 2)!)
            item.End();
        reader.Strings("w", 5, TextRule.TaskName);
        reader.StringMap("m", 5, TextRule.Plain(63), TextRule.Free(128));
        reader.IntMap("c", 5, TextRule.TaskType, 0, 100);
        reader.Raw("r", 8);
        reader.End();

        Assert.Equal(
            """
            s: must be 1..64 of A-Z, a-z, 0-9, '_' and '-', starting with a letter or digit
            s2: must be a string
            name: is required
            i: must be a whole number between 1 and 86400
            i2: must be a whole number between 1 and 86400
            i3: must be a whole number of at least 0
            n: must be a number between 0 and 1
            b: must be true or false
            t: must be a time such as 2026-01-31T12:00:00Z
            t2: must be a time such as 2026-01-31T12:00:00Z
            o: must be an object
            l: must have 0..2 items, not 3
            l[1]: must be an object
            w[0]: must be 1..64 of A-Z, a-z, 0-9, '_' and '-', starting with a letter or digit
            w[1]: must be a string
            m.: is no good name: must be 1..63 characters without control characters
            m.k: must be a string
            c.command: must be a whole number between 0 and 100
            r: must be at most 8 bytes of JSON
            nmae: is unknown; did you mean 'name'?
            """,
            reader.Problems.ToString());
    }

    [Fact]
    public void End_UnknownFieldOfAnInnerObject_NamedWithItsPath()
    {
        var reader = Read($$"""{"tasks":[{"nam":"a","{{new string('x', 200)}}":1}]}""");

        foreach (var task in reader.Objects("tasks", 1, 200)!)
        {
            task.String("name", TextRule.TaskName);
            task.End();
        }

        reader.End();
        Assert.Equal(
            [new Problem("tasks[0].nam", "is unknown; did you mean 'name'?"), new Problem($"tasks[0].{new string('x', 64)}…", "is unknown")],
            reader.Problems.Items);
    }

    [Fact]
    public void Reader_NoObject_OneProblemAndNothingElse()
    {
        var reader = new ObjectReader(JsonElement.Parse("3"), "tasks[3]", new Problems());

        Assert.Null(reader.Int("a", 0, 1));
        reader.End();
        Assert.Equal("tasks[3]: must be an object", reader.Problems.ToString());
        Assert.True(reader.IsEmpty);
    }

    [Fact]
    public void Objects_MoreThanAllowed_NoMoreThanAllowedAreRead()
    {
        var reader = Read($$"""{"l":[{{string.Join(',', Enumerable.Repeat("{}", 1000))}}]}""");

        Assert.Equal(200, reader.Objects("l", 1, 200)!.Count);
        Assert.Equal("l: must have 1..200 items, not 1000", reader.Problems.ToString());
    }

    [Fact]
    public void OneOf_OtherWord_ListsTheWords()
    {
        var reader = Read("""{"priority":"High"}""");

        Assert.Null(reader.String("priority", TextRule.OneOf("high", "normal", "low")));
        Assert.Equal("priority: must be one of high, normal, low", reader.Problems.ToString());
    }

    private static ObjectReader Read(string json) => new(JsonElement.Parse(json), "", new Problems());
}
