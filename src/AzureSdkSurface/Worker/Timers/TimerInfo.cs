namespace Microsoft.Azure.Functions.Worker;

public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>This occurrence runs later than its time.</summary>
    public bool IsPastDue { get; set; }
}

public class ScheduleStatus
{
    /// <summary>When the schedule last came due; the default value where it never has.</summary>
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
