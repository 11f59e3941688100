using Headgate.Ports;

namespace Headgate.Functions.Alerts;

/// <summary>Tells this process from others, by chance.</summary>
public sealed class ProcessName
{
    public ProcessName(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        Text = Convert.ToHexStringLower(bytes);
    }

    public string Text { get; }
}
