namespace Headgate.Functions.Options;

/// <summary>How many processes have to do with the same runs, and what they share; one of three. The host registers it.</summary>
public sealed class Arrangement
{
    /// <summary>One process has tables, queue and durable engine to itself. Ready tasks are in its memory.</summary>
    public static readonly Arrangement Alone = new(isAlone: true, oneEngine: true);

    /// <summary>Processes share the tables, and each has a queue and a durable engine of its own.</summary>
    public static readonly Arrangement SharedTables = new(isAlone: false, oneEngine: false);

    /// <summary>Processes share tables, queue and durable engine, as in Azure.</summary>
    public static readonly Arrangement SharedAll = new(isAlone: false, oneEngine: true);

    private Arrangement(bool isAlone, bool oneEngine) => (IsAlone, OneEngine) = (isAlone, oneEngine);

    /// <summary>
    /// Whether no other process has to do with the runs. If one has, ready tasks are offered in the ready table, and their rows are written only once
    /// they stand as ready: a task that a waiting claim gets at once then costs none. If none has, they are written in the change that makes a task ready.
    /// </summary>
    public bool IsAlone { get; }

    /// <summary>
    /// Whether one durable engine has the instances of all runs. If not, a run that changes here and has no instance here gets one here too. Two
    /// instances of a run are harmless, because each only looks at the rows and writes under their ETags.
    /// </summary>
    public bool OneEngine { get; }
}
