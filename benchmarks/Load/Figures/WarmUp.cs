namespace Headgate.Load.Figures;

/// <summary>How long load goes on before anything counts: until an answer costs no less than before.</summary>
/// <param name="AtLeast">However soon that is.</param>
/// <param name="AtMost">However late.</param>
internal sealed record WarmUp(TimeSpan AtLeast, TimeSpan AtMost)
{
    /// <summary>Costs are compared between stretches of this length, or longer ones where a measure has its own.</summary>
    public static readonly TimeSpan Stretch = TimeSpan.FromSeconds(1);

    public Steadiness Begin() => new(this);
}

/// <summary>
/// Tells when a warm-up has done its work: when three stretches in a row have not brought the processor time of an answer five percent
/// below the least so far. Unlike the rate, that time hardly depends on who else uses the machine.
/// </summary>
internal sealed class Steadiness(WarmUp bounds)
{
    private const double Notable = 0.95;
    private const int Enough = 3;
    private double _least = double.PositiveInfinity;
    private int _still;

    /// <param name="cost">Of an answer, in the stretch just over; null where there was none.</param>
    /// <param name="elapsed">Since the warm-up began. Comes second, so that a call in which the cost is measured looks at the clock after it.</param>
    public bool Reached(double? cost, TimeSpan elapsed)
    {
        if (cost < _least * Notable)
            (_least, _still) = (cost.Value, 0);
        else
            _still++;
        return elapsed >= bounds.AtMost || (elapsed >= bounds.AtLeast && _still >= Enough);
    }
}
