namespace Headgate.Core.Alerts;

/// <summary>From one look at an alert to the next: ok → pending → firing → resolved → ok.</summary>
public static class AlertEvaluation
{
    /// <summary>
    /// It is pending as soon as the newest sample passes the threshold, and fires once every sample has passed it for the rule's time. It is resolved
    /// once the newest samples are at or below the lower bound; between the bounds it stays as it is.
    /// </summary>
    /// <param name="before">As it was at the last look.</param>
    /// <param name="rule">By what it is judged.</param>
    /// <param name="samples">The newest first, as many as the rule looks at.</param>
    /// <param name="now">When the newest sample ends.</param>
    public static AlertStatus Next(AlertStatus before, AlertRule rule, IReadOnlyList<AlertSample> samples, DateTimeOffset now)
    {
        var (state, since) = (before.State, before.Since);
        // The clock was set back: time counts anew.
        if (since > now)
            since = now;
        if (Passes(rule, samples))
        {
            if (state is AlertState.Ok or AlertState.Resolved)
                (state, since) = (AlertState.Pending, now);
            if (state == AlertState.Pending && now - since >= TimeSpan.FromMinutes(rule.ForMinutes - rule.WindowMinutes) && AllPass(rule, samples))
                (state, since) = (AlertState.Firing, now);
        }
        else if (IsKnown(rule, samples))
        {
            if (state == AlertState.Pending)
                (state, since) = (AlertState.Ok, now);
            else if (state == AlertState.Firing && IsOver(rule, samples))
                (state, since) = (AlertState.Resolved, now);
            else if (state == AlertState.Resolved && now - since >= TimeSpan.FromMinutes(rule.ForMinutes))
                (state, since) = (AlertState.Ok, now);
        }

        return before with { State = state, Since = since, Value = Newest(samples)?.Value };
    }

    /// <summary>Whether there is something to tell, and how it is when that has been told. Nothing is told of a silenced alert: what still holds is told when the silence ends.</summary>
    /// <returns>What to tell, <see cref="AlertState.Firing"/> or <see cref="AlertState.Resolved"/>; null where there is nothing.</returns>
    public static (AlertState? News, AlertStatus After) Tell(AlertStatus status, DateTimeOffset now)
    {
        if (status.IsSilenced(now))
            return (null, status);
        return status switch
        {
            { State: AlertState.Firing, IsTold: false } => (AlertState.Firing, status with { IsTold = true }),
            { State: AlertState.Resolved or AlertState.Ok, IsTold: true } => (AlertState.Resolved, status with { IsTold = false }),
            _ => (null, status),
        };
    }

    private static AlertSample? Newest(IReadOnlyList<AlertSample> samples)
    {
        foreach (var sample in samples)
        {
            if (sample.IsMeasured)
                return sample;
        }

        return null;
    }

    private static bool IsKnown(AlertRule rule, IReadOnlyList<AlertSample> samples) => rule.NoData != NoDataRule.Keep || Newest(samples) is not null;

    private static bool Passes(AlertRule rule, IReadOnlyList<AlertSample> samples) =>
        Newest(samples) is { } newest ? newest.Value > rule.Threshold : rule.NoData == NoDataRule.Fire;

    private static bool AllPass(AlertRule rule, IReadOnlyList<AlertSample> samples)
    {
        var measured = 0;
        foreach (var sample in samples)
        {
            if (!sample.IsMeasured)
                continue;
            measured++;
            if (!(sample.Value > rule.Threshold))
                return false;
        }

        return measured >= rule.Needed || (measured == 0 && rule.NoData == NoDataRule.Fire);
    }

    private static bool IsOver(AlertRule rule, IReadOnlyList<AlertSample> samples)
    {
        var measured = 0;
        foreach (var sample in samples.Take(rule.SamplesToClear))
        {
            if (!sample.IsMeasured)
                continue;
            measured++;
            if (sample.Value > rule.ClearAt)
                return false;
        }

        return measured > 0 || rule.NoData == NoDataRule.Clear;
    }
}
