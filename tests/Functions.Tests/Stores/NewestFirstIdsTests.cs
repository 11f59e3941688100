using Headgate.Core.Identity;
using Headgate.Functions.Stores;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;

namespace Headgate.Functions.Tests.Stores;

public sealed class NewestFirstIdsTests
{
    private static readonly DateTimeOffset s_at = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly NewestFirstIds _ids = new(new SequenceRandom());

    [Fact]
    public void Next_ManyInOneMillisecond_ListNewestFirst()
    {
        var made = Enumerable.Range(0, 1000).Select(_ => _ids.Next(s_at)).ToList();

        Assert.Equal(made.Order(StringComparer.Ordinal).Reverse(), made);
        Assert.Equal(made.Count, made.Distinct().Count());
        Assert.All(made, id => Assert.Equal(s_at, RunId.CreatedAt(id)));
    }

    [Fact]
    public void Next_ClockSetBack_CarriesTheTimeGiven()
    {
        _ids.Next(s_at);

        var id = _ids.Next(s_at.AddHours(-1));

        Assert.Equal(s_at.AddHours(-1), RunId.CreatedAt(id));
    }

    [Fact]
    public void Next_OfTwoProcessesInOneMillisecond_Differ() =>
        Assert.NotEqual(_ids.Next(s_at), new NewestFirstIds(new SystemRandom()).Next(s_at));
}
