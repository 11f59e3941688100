using Headgate.Functions.Stores.Schedules;
using Headgate.Ports;

namespace Headgate.Functions.Schedules;

/// <summary>What moves a schedule on: its row as it was read, and its entry in the list of all before and after that.</summary>
internal static class ScheduleMove
{
    public static TableChange Of(ScheduleRecord before, ScheduleRecord after, DateTimeOffset now) =>
        new([.. Listed(before, after, now), new TableBatch(Table.Tenants, TableWrite.Replace(ScheduleRow.Write(after))), .. Unlisted(before, after)], []);

    /// <summary>Has to stand before the row does.</summary>
    public static TableBatch[] Listed(ScheduleRecord before, ScheduleRecord after, DateTimeOffset now) =>
        after.DueAt != before.DueAt && DueSchedule.Of(after) is { } due ? [due.Written(now)] : [];

    /// <summary>Comes behind.</summary>
    public static TableBatch[] Unlisted(ScheduleRecord before, ScheduleRecord after) =>
        after.DueAt != before.DueAt && DueSchedule.Of(before) is { } due ? [due.Gone()] : [];
}
