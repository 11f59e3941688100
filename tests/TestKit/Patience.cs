namespace Headgate.TestKit;

/// <summary>How long a test waits for what must come before it takes it for stuck. A machine that is only slow is never so late.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
}
