using System.Runtime.InteropServices;
using Headgate.LocalHost.Commands;
using Xunit;

namespace Headgate.LocalHost.Tests.Commands;

public sealed class NativeHeapTests
{
    [Fact]
    public void GiveBack_MuchWasFreed_IsGivenBackWhereTheCLibraryCan()
    {
        var canTrim = NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _);
        var blocks = new nint[4096];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(4096);
            Marshal.WriteByte(blocks[i], 4095, 1);
        }

        // Every second one, so that none of it lies at an end, from where it would go back by itself.
        for (var i = 0; i < blocks.Length; i += 2)
            Marshal.FreeHGlobal(blocks[i]);

        var any = NativeHeap.GiveBack();

        for (var i = 1; i < blocks.Length; i += 2)
            Marshal.FreeHGlobal(blocks[i]);
        Assert.Equal(canTrim, any);
    }
}
