using System.Net;
using System.Net.Sockets;

namespace Headgate.TestKit;

/// <summary>
/// A port of 127.0.0.1 for a server that comes and goes. It is below those that systems hand out by themselves, and no other test
/// process takes it before this is disposed: it stays free while nobody listens.
/// </summary>
public sealed class ReservedPort : IDisposable
{
    private const int First = 20_000;
    private const int Last = 31_999;
    private readonly FileStream _lock;

    private ReservedPort(int number, FileStream held) => (Number, _lock) = (number, held);

    public int Number { get; }

    public static ReservedPort Take()
    {
        while (true)
        {
            if (TryTake(Random.Shared.Next(First, Last + 1)) is { } port)
                return port;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static ReservedPort? TryTake(int number)
    {
        FileStream? held = null;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "headgate-ports"));
            held = new FileStream(Path.Combine(folder.FullName, $"{number}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var listener = new TcpListener(IPAddress.Loopback, number);
            listener.Start();
            return new ReservedPort(number, held);
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            held?.Dispose();
            return null;
        }
    }
}
