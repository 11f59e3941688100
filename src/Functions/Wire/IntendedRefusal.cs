namespace Headgate.Functions.Wire;

/// <summary>Marks an answer of the 500s that is no fault of the service: somebody wanted it so.</summary>
internal sealed class IntendedRefusal
{
    public static readonly IntendedRefusal Mark = new();

    private IntendedRefusal()
    {
    }
}
