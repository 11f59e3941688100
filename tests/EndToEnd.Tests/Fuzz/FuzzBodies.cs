using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Fuzz;

/// <summary>Bodies: proper ones of each call, and what becomes of them by one change or several.</summary>
internal static class FuzzBodies
{
    /// <summary>Replaced by a value in JSON once the body is text.</summary>
    private const string Mark = "\u2603";

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>By operation; every one that takes a body has one here, or a test fails.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Proper = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["CreateTenant"] = ["""{"id":"{n}","name":"n","plan":"pro","limits":{"maxConcurrentRuns":3,"maxMonthlyRuns":null}}"""],
        ["UpdateTenant"] = ["""{"name":"n","plan":"enterprise","limits":{"maxConcurrentRuns":500,"maxMonthlyRuns":99999,"maxRepos":1,"maxMembers":50}}"""],
        ["PauseTenant"] = ["""{"reason":"r","until":"2999-01-01T00:00:00Z"}"""],
        ["ResumeTenant"] = ["""{"reason":"r"}"""],
        ["SuspendTenant"] = ["""{"reason":"r"}"""],
        ["ActivateTenant"] = ["""{"reason":"r"}"""],
        ["DeactivateTenant"] = ["""{"reason":"r"}"""],
        ["DeleteTenant"] = ["""{"confirm":"{t}"}"""],
        ["CreateKey"] = ["""{"name":"n","role":"viewer","expiresAt":"2999-01-01T00:00:00Z","scopes":["run:read","tenant:read"]}"""],
        ["RotateKey"] = ["""{"overlapSeconds":60}"""],
        ["PutMember"] = ["""{"role":"developer","name":"Ada"}"""],
        ["PutPolicy"] = ["""{"maxRetries":3,"baseSeconds":5,"maxSeconds":300,"jitter":0.5,"factor":2}"""],
        ["PutSchedule"] =
        [
            """{"cron":"0 3 1 1 *","timeZone":"Europe/Berlin","jitterSeconds":60,"overlap":"queue","catchUp":"none","enabled":true,"run":{"name":"n","priority":"low","tasks":[{"name":"a","type":"noop"},{"name":"b","type":"noop","needs":["a"]}],"metadata":{"m":1}}}""",
            """{"everySeconds":86400,"run":{"name":"n","tasks":[{"name":"a","type":"noop","policy":"default"}]}}""",
        ],
        ["TriggerSchedule"] = ["{}"],
        ["PutResource"] = ["""{"maxConcurrent":3,"typeLimits":{"prune":1},"failuresToOpen":5,"openSeconds":60}"""],
        ["HoldResource"] = ["""{"reason":"r"}"""],
        ["ReleaseResource"] = ["""{"reason":"r"}"""],
        ["SubmitRun"] = ["""{"name":"n","priority":"low","tasks":[{"name":"a","type":"noop","labels":{"os":"linux"},"timeoutSeconds":5,"policy":"default","maxRetries":2,"payload":{"x":[1]},"resources":["r"]},{"name":"b","type":"noop","needs":["a"]}],"metadata":{"m":1}}"""],
        ["CancelRun"] = ["{}"],
        ["ReplayDeadLetter"] = ["{}"],
        ["ReplayDeadLetters"] = ["""{"category":"network","type":"noop","since":"2020-01-01T00:00:00Z","until":"2999-01-01T00:00:00Z","limit":5,"from":"start","ratePerSecond":10,"dryRun":true}"""],
        ["DismissDeadLetter"] = ["""{"reason":"known"}"""],
        ["ResendQueueDeadLetters"] = ["""{"limit":3}"""],
        ["SilenceAlert"] = ["""{"until":null}"""],
        ["Foreman"] =
        [
            """{"tenantId":"{t}","runId":"{n}","runType":"noop","payload":{"x":1},"trigger":"cli","metadata":{"m":1}}""",
            """{"tenantId":"{t}","name":"n","tasks":[{"name":"a","type":"noop"}]}""",
        ],
        ["RegisterAgent"] = ["""{"tenantId":"{t}","name":"{n}","os":"linux","arch":"x64","version":"1","labels":{"os":"linux"},"capabilities":["noop"]}"""],
        ["ChangeAgentSettings"] = ["""{"maxConcurrentTasks":50,"typeLimits":{"noop":20},"cpuQuotaPercent":50,"ioPriority":"low","bandwidthLimitMbps":5}"""],
        ["DrainAgent"] = ["""{"reason":"r"}"""],
        ["UndrainAgent"] = ["""{"reason":"r"}"""],
        ["QuarantineAgent"] = ["""{"reason":"r"}"""],
        ["ReleaseAgent"] = ["""{"reason":"r"}"""],
        ["ReportHeartbeat"] = ["""{"version":"1","os":"linux","uptimeSeconds":1,"disks":[{"mountPath":"/","freeBytes":1,"totalBytes":2}],"running":[{"taskId":"{k}.a","attempt":1,"progress":{"percent":1}}],"settingsVersion":1,"session":"s","load":{"cpuPercent":1,"memoryPercent":1,"freeSlots":1}}"""],
        ["ClaimTasks"] = ["""{"max":3,"waitSeconds":0}"""],
        ["ReportResults"] =
        [
            """{"taskId":"{k}.a","attempt":1,"status":"failure","errorCategory":"network","errorMessage":"m","exitCode":1,"durationSeconds":1,"retryAfterSeconds":1,"log":"l","output":{"o":1}}""",
            """{"results":[{"taskId":"{k}.a","attempt":1,"status":"success","durationSeconds":1}]}""",
        ],
    };

    private static readonly string[] s_values =
    [
        "null", "true", "-1", "0", "1", "1.5", "1e308", "-1e999", "123456789012345678901234567890", "2147483648", "-9223372036854775809", "\"\"", "\"a\"", "\"noop\"", "\"pro\"", "\"success\"",
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"../..\"", "\"a/b\"", "\"!ledger\"", "\"\\r\\nX-Injected: 1\"", "\"2026-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999+14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30T00:00:00Z\"", "\"é\\u202e\"", "[]", "{}", "[null]", "{\"\":0}", "[[[[]]]]", "{\"__proto__\":1}",
    ];

    private static readonly string[] s_fields = ["id", "name", "role", "tenantId", "tasks", "limits", "max", "status", "zz", "", "\\u0000", "\\ud800", "é", "constructor"];

    public static byte[]? Of(string operation, Random random, Func<string, string> fill)
    {
        if (!Proper.TryGetValue(operation, out var proper))
            return random.Next(10) == 0 ? "{}"u8.ToArray() : null;
        var text = fill(proper[random.Next(proper.Length)]);
        return random.Next(12) switch
        {
            0 or 1 => Encoding.UTF8.GetBytes(text),
            2 => null,
            3 => Bytes(text, random),
            4 => Encoding.UTF8.GetBytes(Odd(random)),
            5 => Encoding.UTF8.GetBytes(Doubled(text, random)),
            _ => Encoding.UTF8.GetBytes(Mutated(text, random)),
        };
    }

    /// <summary>Some values replaced, or some fields gone or added.</summary>
    private static string Mutated(string text, Random random)
    {
        var body = JsonNode.Parse(text)!;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Mutate(body, random);
        text = body.ToJsonString(s_plain);
        for (var at = text.IndexOf($"\"{Mark}\"", StringComparison.Ordinal); at >= 0; at = text.IndexOf($"\"{Mark}\"", StringComparison.Ordinal))
            text = string.Concat(text.AsSpan(0, at), Value(random), text.AsSpan(at + 3));
        return text;
    }

    private static void Mutate(JsonNode at, Random random)
    {
        while (true)
        {
            var inner = at switch
            {
                JsonArray { Count: > 0 } array => array[random.Next(array.Count)],
                JsonObject { Count: > 0 } one => one.ElementAt(random.Next(one.Count)).Value,
                _ => null,
            };
            if (inner is JsonObject or JsonArray && random.Next(3) > 0)
            {
                at = inner;
                continue;
            }

            switch (at)
            {
                case JsonArray { Count: > 0 } items when random.Next(3) > 0:
                    items[random.Next(items.Count)] = Mark;
                    break;
                case JsonArray items:
                    items.Add(Mark);
                    break;
                case JsonObject { Count: > 0 } fields when random.Next(5) is var what and < 4:
                    var name = fields.ElementAt(random.Next(fields.Count)).Key;
                    if (what == 0)
                        fields.Remove(name);
                    else
                        fields[name] = Mark;
                    break;
                case JsonObject fields:
                    fields[s_fields[random.Next(9)]] = Mark;
                    break;
            }

            return;
        }
    }

    private static string Doubled(string text, Random random)
    {
        var end = text.LastIndexOf('}');
        var name = s_fields[random.Next(s_fields.Length)];
        return $"{text[..end]}{(end > 1 ? "," : "")}\"{name}\":{Value(random)},\"{name}\":{Value(random)}}}";
    }

    private static byte[] Bytes(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => [0xEF, 0xBB, 0xBF, .. bytes],
            2 => [.. bytes, .. bytes],
            _ => bytes,
        };
    }

    private static string Odd(Random random) => random.Next(9) switch
    {
        0 => "",
        1 => " ",
        2 => new string('[', 200),
        3 => string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40),
        4 => "[" + string.Join(',', Enumerable.Repeat("{}", 300)) + "]",
        5 => $"{{\"name\":\"{new string('x', random.Next(1, 70_000))}\"}}",
        6 => "NaN",
        7 => "a=b&c=d",
        _ => Value(random),
    };

    private static string Value(Random random) => s_values[random.Next(s_values.Length)];
}
