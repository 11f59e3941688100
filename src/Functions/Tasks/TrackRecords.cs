using System.Collections.Concurrent;
using Headgate.Core.Agents;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Ports;

namespace Headgate.Functions.Tasks;

/// <summary>
/// Keeps what agents make of their tasks: a row for each agent and type, written in the change that settles an attempt. A failure counts on the row
/// as it stands. A success does not read it: it ends whatever row of failures there was. Where this process alone settles attempts, one that changes
/// nothing but the usual duration is written every few seconds. Safe for concurrent use.
/// </summary>
public sealed class TrackRecords(ITableStore tables, Arrangement arrangement, TimeProvider clock)
{
    /// <summary>What is known beyond that is forgotten, and read again.</summary>
    private const int MostKnown = 20_000;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string AgentId, string Type), Known> _known = new();

    /// <summary>For the attempts of one change.</summary>
    public Tally Begin() => new(this);

    /// <summary>The record as it stands.</summary>
    public async ValueTask<TrackRecord> ReadAsync(string agentId, string type, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Agents, agentId, RowKeys.TrackRecord(type), cancellationToken) is { } row ? TrackRecordRow.Read(row) : TrackRecord.None;

    /// <summary>The records were changed otherwise.</summary>
    public void Forget(string agentId, IEnumerable<string> types)
    {
        foreach (var type in types)
            _known.TryRemove((agentId, type), out _);
    }

    private readonly record struct Known(TrackRecord Record, long WrittenAt);

    /// <summary>What the attempts of one change add. Nothing is known of it until <see cref="Keep"/>. Not safe for concurrent use.</summary>
    public sealed class Tally(TrackRecords records)
    {
        private readonly Dictionary<(string AgentId, string Type), Known> _after = [];

        /// <summary>Adds an attempt that its agent reported; one that says nothing of the agent changes nothing.</summary>
        /// <returns>Whether the agent is to be compared with others now.</returns>
        public async ValueTask<bool> AddAsync(
            ChangeBuilder change, string agentId, string type, AttemptOutcome outcome, double? seconds, DateTimeOffset now, CancellationToken cancellationToken)
        {
            if (!TrackRecord.Counts(outcome))
                return false;
            var key = (agentId, type);
            var (before, writtenAt) = _after.TryGetValue(key, out var known) ? known : await BeforeAsync(key, outcome, cancellationToken);
            var after = before.After(outcome, seconds, now);
            if (IsWorthARow(before, after, writtenAt))
            {
                change.Add(TaskMoves.MirrorRank, Table.Agents, TableWrite.Upsert(TrackRecordRow.Write(agentId, type, after)));
                writtenAt = records.Now;
            }

            _after[key] = new(after, writtenAt);
            return SelfQuarantine.IsSuspect(after);
        }

        /// <summary>The change stands.</summary>
        public void Keep()
        {
            if (records._known.Count > MostKnown)
                records._known.Clear();
            foreach (var (key, known) in _after)
                records._known[key] = known;
        }

        private async ValueTask<Known> BeforeAsync((string AgentId, string Type) key, AttemptOutcome outcome, CancellationToken cancellationToken)
        {
            var mayRemember = records.IsAlone || outcome is AttemptOutcome.Succeeded;
            if (mayRemember && records._known.TryGetValue(key, out var known))
                return known;
            return new(await records.ReadAsync(key.AgentId, key.Type, cancellationToken), records.Now - records.Ticks(WriteEvery));
        }

        private bool IsWorthARow(TrackRecord before, TrackRecord after, long writtenAt) =>
            !records.IsAlone || before.Failures != after.Failures || records.Now - writtenAt >= records.Ticks(WriteEvery);
    }

    private bool IsAlone => arrangement.IsAlone;

    private long Now => clock.GetTimestamp();

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
