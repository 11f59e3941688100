using System.Text;
using Headgate.Agent.Attempts;
using Headgate.Agent.Quotas;
using Headgate.Core.Agents;
using Headgate.Core.Identity;
using Headgate.Core.Validation;

namespace Headgate.Agent.Options;

/// <summary>From merged settings to checked options. Adds every broken rule; null when there was any.</summary>
internal static class OptionRules
{
    /// <summary>The types that restic does.</summary>
    public static IReadOnlyList<string> ResticTypes { get; } = ["backup", "restore", "check", "prune"];

    /// <summary>The types of task this program can do.</summary>
    public static IReadOnlyList<string> KnownTypes { get; } = ["command", "archive", .. ResticTypes, "noop"];

    public static AgentOptions? Check(SettingReader read, Problems problems)
    {
        var service = Service(read, problems);
        var state = read.Path(Settings.StateDirectory, "state");
        var name = read.Text(Settings.Name) ?? Environment.MachineName;
        var capabilities = Capabilities(read, problems);
        var options = new AgentOptions(
            service ?? new Uri("http://localhost/"),
            read.Path(Settings.KeyFile, System.IO.Path.Combine(state, "agent.key")),
            read.Text(Settings.AgentId),
            name,
            read.Text(Settings.Tenant),
            read.Map(Settings.Labels),
            capabilities,
            LimitsOf(read, capabilities, problems),
            Programs(read, problems),
            Folders(read, problems),
            new ChildEnvironmentOptions(Variables(read, Settings.EnvironmentPass, problems), FixedVariables(read, problems), Variables(read, Settings.EnvironmentFromTask, problems)),
            state,
            read.Path(Settings.WorkDirectory, System.IO.Path.Combine(state, "work")),
            read.Number(Settings.OutputLimitBytes, 256, 65536, 16384),
            TimeSpan.FromSeconds(read.Number(Settings.HeartbeatSeconds, 1, 60, 10)),
            read.Number(Settings.ClaimWaitSeconds, 0, 30, 30),
            TimeSpan.FromSeconds(read.Number(Settings.RequestTimeoutSeconds, 2, 120, 15)),
            TimeSpan.FromSeconds(read.Number(Settings.StopGraceSeconds, 0, 3600, 20)))
        {
            Quota = QuotaOf(read),
            IsAdaptive = read.Choice(Settings.Adaptive, "false", "true") == "true",
            Repositories = RepositoryRules.Check(read, problems),
            ResticProgram = Restic(read, capabilities, problems),
        };
        Names(read, options, problems);
        return problems.Any ? null : options;
    }

    private static Uri? Service(SettingReader read, Problems problems)
    {
        var value = read.Raw(Settings.Service);
        if (value is null || value.Text.Length == 0)
            problems.Add(value?.Path ?? Settings.Service.Key, "is required: the address of the service, such as https://headgate.example.com");
        else if (!Uri.TryCreate(value.Text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            problems.Add(value.Path, "must be an http or https address");
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            problems.Add(value.Path, "must not carry credentials, a query or a fragment");
        else
            return uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
        return null;
    }

    private static Dictionary<string, bool> Capabilities(SettingReader read, Problems problems)
    {
        var types = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (read.Raw(Settings.Capabilities) is not { } value)
            return types;
        foreach (var (type, mark) in value.Map!)
        {
            types[type] = mark == SettingValue.Shared;
            if (KnownTypes.Contains(type))
                continue;
            var near = NearestName.Of(type, KnownTypes) is { } other ? $"; did you mean {other}?" : "";
            problems.Add($"{value.Path}.{type}", $"is not a task type of this agent ({string.Join(", ", KnownTypes)}){near}");
        }

        return types;
    }

    private static Limits LimitsOf(SettingReader read, Dictionary<string, bool> capabilities, Problems problems)
    {
        var total = read.Number(Settings.MaxConcurrentTasks, 1, Limits.MaxTotal, Limits.DefaultTotal);
        var types = read.Numbers(Settings.TypeLimits, 0, Limits.MaxTotal);
        foreach (var (type, limit) in types)
        {
            var path = $"{read.Raw(Settings.TypeLimits)!.Path}.{type}";
            if (!capabilities.ContainsKey(type))
                problems.Add(path, "limits a type that capabilities does not list");
            else if (limit > total)
                problems.Add(path, $"must not exceed maxConcurrentTasks ({total})");
        }

        return new Limits(total, types);
    }

    private static Quota QuotaOf(SettingReader read) => new(
        read.Number(Settings.CpuQuotaPercent, 1, 100, Quota.Unlimited.CpuPercent),
        read.Choice(Settings.IoPriority, Quota.NormalIo, "low", "idle"),
        read.Limit(Settings.BandwidthLimitMbps, 1, AgentLimits.BandwidthCeilingMbps));

    /// <summary>Must be there only where a type needs it.</summary>
    private static string Restic(SettingReader read, Dictionary<string, bool> capabilities, Problems problems)
    {
        var path = read.Text(Settings.ResticProgram) ?? AgentOptions.DebianRestic;
        var name = read.Raw(Settings.ResticProgram)?.Path ?? Settings.ResticProgram.Key;
        var types = ResticTypes.Where(capabilities.ContainsKey).ToList();
        if (!System.IO.Path.IsPathFullyQualified(path))
            problems.Add(name, $"must be an absolute path, not '{path}'");
        else if (types.Count > 0 && !File.Exists(path))
            problems.Add(name, $"'{path}' is not an existing file; restic is needed for {string.Join(", ", types)}");
        if (types.Count > 0 && read.Raw(Settings.Repositories) is not { Repositories.Count: > 0 })
            problems.Add(Settings.Repositories.Key, $"names no repository; one is needed for {string.Join(", ", types)}");
        return path;
    }

    private static IReadOnlyList<string> Programs(SettingReader read, Problems problems) =>
        Absolute(read, Settings.AllowedPrograms, File.Exists, "is not an existing file", problems);

    private static IReadOnlyList<string> Folders(SettingReader read, Problems problems) =>
        Absolute(read, Settings.AllowedPaths, System.IO.Path.Exists, "does not exist", problems);

    private static IReadOnlyList<string> Absolute(SettingReader read, Setting setting, Func<string, bool> exists, string otherwise, Problems problems)
    {
        var list = read.List(setting);
        for (var i = 0; i < list.Count; i++)
        {
            var path = $"{read.Raw(setting)!.Path}[{i}]";
            if (!System.IO.Path.IsPathFullyQualified(list[i]))
                problems.Add(path, $"must be an absolute path, not '{list[i]}'");
            else if (!exists(list[i]))
                problems.Add(path, $"'{list[i]}' {otherwise}");
        }

        return list;
    }

    private static IReadOnlyList<string> Variables(SettingReader read, Setting setting, Problems problems)
    {
        var names = read.List(setting);
        for (var i = 0; i < names.Count; i++)
        {
            // Settings of the agent itself, its key among them, are never for children.
            if (names[i].StartsWith("HEADGATE_", StringComparison.OrdinalIgnoreCase))
                problems.Add($"{read.Raw(setting)!.Path}[{i}]", $"'{names[i]}' belongs to Headgate and is never given to children");
            else if (!IsVariable(names[i]))
                problems.Add($"{read.Raw(setting)!.Path}[{i}]", "is not the name of a variable");
        }

        return names;
    }

    private static IReadOnlyDictionary<string, string> FixedVariables(SettingReader read, Problems problems)
    {
        var values = read.Map(Settings.EnvironmentSet);
        foreach (var (name, value) in values)
        {
            var path = $"{read.Raw(Settings.EnvironmentSet)!.Path}.{name.Replace("\0", "\\0", StringComparison.Ordinal)}";
            if (name.StartsWith("HEADGATE_", StringComparison.OrdinalIgnoreCase))
                problems.Add(path, "belongs to Headgate and is never given to children");
            else if (!IsVariable(name))
                problems.Add(path, "is not the name of a variable");
            else if (value.Contains('\0', StringComparison.Ordinal) || !IsText(value))
                problems.Add(path, "must not hold a NUL, nor half a character");
        }

        return values;
    }

    /// <summary>Whether the system can hold a variable of this name.</summary>
    private static bool IsVariable(string name) => name.Length > 0 && !name.AsSpan().ContainsAny("=\0") && IsText(name);

    /// <summary>Whether it has a form in UTF-8: half a surrogate pair would arrive as another character.</summary>
    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static void Names(SettingReader read, AgentOptions options, Problems problems)
    {
        if (!Grammar.IsDisplayName(options.Name))
            problems.Add(read.Raw(Settings.Name)?.Path ?? Settings.Name.Key, "must be 1 to 100 characters without control characters");
        if (options.Tenant is { } tenant && !Grammar.IsTenantId(tenant))
            problems.Add(read.Raw(Settings.Tenant)!.Path, "must be a tenant id: a-z, 0-9 and -, at most 63 characters");
        if (options.AgentId is { } id && !AgentIdentity.IsAgentId(id))
            problems.Add(read.Raw(Settings.AgentId)!.Path, "must be an agent's id: letters, digits, - and _, at most 64 characters");
        if (options.Labels.Count > Grammar.MaxLabels)
            problems.Add(read.Raw(Settings.Labels)!.Path, $"must not hold more than {Grammar.MaxLabels} labels");
        foreach (var (key, value) in options.Labels)
        {
            if (!Grammar.IsLabelKey(key) || !Grammar.IsLabelValue(value))
                problems.Add($"{read.Raw(Settings.Labels)!.Path}.{key}", $"must have a key of 1 to {Grammar.MaxLabelKey} and a value of up to {Grammar.MaxLabelValue} characters");
        }
    }
}
