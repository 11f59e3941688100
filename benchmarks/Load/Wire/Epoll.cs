using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Headgate.Load.Wire;

/// <summary>
/// Waits for many sockets on one thread. The sockets of the base library hand each completion to another thread, which costs the
/// generator more than the request itself. Linux only.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 0x1;
    private const int Interrupted = 4;
    private const int MaxEvents = 512;

    // The kernel packs the structure on x64 and nowhere else.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataAt = Stride - sizeof(long);

    private readonly byte[] _events = new byte[MaxEvents * 16];
    private readonly int _handle;

    public Epoll()
    {
        _handle = Create(0);
        if (_handle < 0)
            throw new Win32Exception();
    }

    /// <param name="data">Given back by <see cref="Ready"/> when the socket has something to read.</param>
    public void Watch(Socket socket, int data)
    {
        Span<byte> watched = stackalloc byte[16];
        watched.Clear();
        BitConverter.TryWriteBytes(watched, Readable);
        BitConverter.TryWriteBytes(watched[DataAt..], (long)data);
        if (Control(_handle, Add, (int)socket.Handle, ref MemoryMarshal.GetReference(watched)) < 0)
            throw new Win32Exception();
    }

    /// <returns>How many sockets are ready, up to 512; 0 when the time is up.</returns>
    public int Wait(int milliseconds)
    {
        var count = Wait(_handle, ref _events[0], MaxEvents, milliseconds);
        if (count >= 0)
            return count;
        return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw new Win32Exception();
    }

    public int Ready(int index) => (int)BitConverter.ToInt64(_events, (index * Stride) + DataAt);

    public void Dispose() => _ = Close(_handle);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int handle, int operation, int socket, ref byte watched);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int handle, ref byte events, int maxEvents, int timeout);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
