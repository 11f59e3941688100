using System.Net.Sockets;
using System.Text;

namespace Headgate.Agent.Running;

/// <summary>
/// Tells systemd how the agent stands, by the datagrams of <c>sd_notify</c>, where <c>NOTIFY_SOCKET</c> names a socket (<c>Type=notify</c>).
/// Ready means that it works its loops, whether the service can be reached or not: that shows in the status line.
/// </summary>
/// <param name="socket">A path, or a name of the abstract kind that begins with <c>@</c>; null: nobody listens.</param>
internal sealed class ReadyNotice(string? socket)
{
    public const string Variable = "NOTIFY_SOCKET";

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    public void Status(string status) => Send($"STATUS={status}");

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={status}");

    private void Send(string text)
    {
        if (string.IsNullOrEmpty(socket))
            return;
        try
        {
            using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            sender.SendTo(Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(socket[0] == '@' ? $"\0{socket.AsSpan(1)}" : socket));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // Nobody listens there any more.
        }
    }
}
