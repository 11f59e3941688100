using System.Text.Json;
using System.Text.Json.Serialization;
using Headgate.Core.Objectives;
using Headgate.Core.Plans;
using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>What <c>infra/slo.json</c> says, which is part of the app.</summary>
/// <param name="Limits">When a budget burns too fast.</param>
public sealed record ObjectivesFile(IReadOnlyList<Objective> Objectives, IReadOnlyList<BurnLimit> Limits)
{
    private const int MaxWindowDays = 30;
    private static readonly string[] s_known = ["availability", "admission-latency", "start-delay", "run-success"];

    /// <summary>The windows that rates are told over, the shortest first.</summary>
    public IReadOnlyList<TimeSpan> Windows => [.. Limits.SelectMany(limit => new[] { limit.Long, limit.Short }).Distinct().Order()];

    /// <summary>The app's own.</summary>
    public static ObjectivesFile OfTheApp()
    {
        using var file = typeof(ObjectivesFile).Assembly.GetManifestResourceStream("slo.json") ?? throw new InvalidDataException("The app has no slo.json.");
        using var reader = new StreamReader(file);
        return Read(reader.ReadToEnd());
    }

    /// <exception cref="InvalidDataException">It can't be used; lists every problem.</exception>
    public static ObjectivesFile Read(string json)
    {
        FileJson file;
        try
        {
            file = JsonSerializer.Deserialize(json, ObjectivesJson.Default.FileJson) ?? throw new InvalidDataException("slo.json is empty.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"slo.json can't be read: {problem.Message}", problem);
        }

        var problems = new Problems();
        Check(file, problems);
        if (problems.Any)
            throw new InvalidDataException($"slo.json can't be used:\n{problems}");
        return new ObjectivesFile(
            [.. file.Objectives.Select(objective => new Objective(
                objective.Id,
                objective.Description,
                objective.Target,
                TimeSpan.FromDays(objective.WindowDays),
                objective.ThresholdSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                objective.Targets ?? []))],
            [.. file.BurnLimits.Select(limit => new BurnLimit(limit.Name, TimeSpan.FromMinutes(limit.LongMinutes), TimeSpan.FromMinutes(limit.ShortMinutes), limit.Rate, limit.MinimumBad))]);
    }

    private static void Check(FileJson file, Problems problems)
    {
        foreach (var (limit, index) in file.BurnLimits.Select((limit, index) => (limit, index)))
        {
            CheckWindow(limit.LongMinutes, $"burnLimits[{index}].longMinutes", problems);
            CheckWindow(limit.ShortMinutes, $"burnLimits[{index}].shortMinutes", problems);
            if (limit.ShortMinutes >= limit.LongMinutes)
                problems.Add($"burnLimits[{index}].shortMinutes", "must be less than longMinutes");
            if (!(limit.Rate > 0))
                problems.Add($"burnLimits[{index}].rate", "must be more than 0");
            if (limit.MinimumBad < 1)
                problems.Add($"burnLimits[{index}].minimumBad", "must be 1 or more");
            if (limit.Name.Length is 0 or > 20 || !limit.Name.All(char.IsAsciiLetterLower) || file.BurnLimits.Count(other => other.Name == limit.Name) > 1)
                problems.Add($"burnLimits[{index}].name", "must be a word of a-z, and of no other limit");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (objective, index) in file.Objectives.Select((objective, index) => (objective, index)))
        {
            var path = $"objectives[{index}]";
            if (!s_known.Contains(objective.Id))
                problems.Add($"{path}.id", $"must be one of {string.Join(", ", s_known)}, not '{objective.Id}'");
            else if (!seen.Add(objective.Id))
                problems.Add($"{path}.id", $"'{objective.Id}' is there twice");
            CheckTarget(objective.Target, $"{path}.target", problems);
            if (objective.WindowDays is < 1 or > MaxWindowDays)
                problems.Add($"{path}.windowDays", $"must be from 1 to {MaxWindowDays}");
            if (objective.ThresholdSeconds is { } seconds && !(seconds > 0))
                problems.Add($"{path}.thresholdSeconds", "must be more than 0");
            foreach (var (plan, target) in objective.Targets ?? [])
            {
                if (!PlanTable.TryGet(plan, out _))
                    problems.Add($"{path}.targets.{plan}", "is no plan");
                CheckTarget(target, $"{path}.targets.{plan}", problems);
            }
        }
    }

    private static void CheckTarget(double target, string path, Problems problems)
    {
        if (!(target > 0 && target < 1))
            problems.Add(path, "must be more than 0 and less than 1");
    }

    private static void CheckWindow(int minutes, string path, Problems problems)
    {
        var piece = TallySlots.LengthFor(TimeSpan.FromMinutes(minutes));
        if (minutes < 1 || minutes > MaxWindowDays * 24 * 60 || minutes % (int)piece.TotalMinutes != 0)
            problems.Add(path, $"must be a multiple of {piece.TotalMinutes} up to {MaxWindowDays * 24 * 60}");
    }
}

internal sealed record FileJson(IReadOnlyList<BurnLimitJson> BurnLimits, IReadOnlyList<ObjectiveJson> Objectives)
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }
}

internal sealed record BurnLimitJson(string Name, int LongMinutes, int ShortMinutes, double Rate, int MinimumBad);

internal sealed record ObjectiveJson(string Id, string Description, double Target, int WindowDays, double? ThresholdSeconds = null, Dictionary<string, double>? Targets = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FileJson))]
internal sealed partial class ObjectivesJson : JsonSerializerContext;
