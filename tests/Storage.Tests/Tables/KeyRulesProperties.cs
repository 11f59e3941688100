using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Storage.Tables;

namespace Headgate.Storage.Tests.Tables;

public sealed class KeyRulesProperties
{
    [Fact]
    public void Compare_OfAnyTwoKeys_OrdersAsTheirUtf8BytesDo()
    {
        var character = Gen.Elements("a", "b", "z", "\u00e4", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff");
        var key = character.ListOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(key, key, (left, right) =>
            Math.Sign(KeyRules.Compare(left, right)) == Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))))
            .QuickCheckThrowOnFailure();
    }
}
