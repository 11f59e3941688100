using System.Net.Sockets;
using System.Text.Json.Nodes;
using Headgate.Client;

namespace Headgate.Cli;

/// <summary>Tells once what went wrong: lines for a person, one object <c>{error, code, …}</c> for a program. Both go to standard error.</summary>
internal static class Failure
{
    /// <param name="call">Null if it came to none.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Terminal terminal, Exception failure, Call? call)
    {
        if (failure is HeadgateException refusal)
        {
            Tell(terminal, refusal, call);
            return ExitCode.Refused;
        }

        var (exitCode, code, message) = failure switch
        {
            UsageException => (ExitCode.Usage, "usage", failure.Message),
            OperationCanceledException => (ExitCode.Interrupted, "interrupted", "interrupted"),
            HttpRequestException or IOException => (ExitCode.Unreachable, "unreachable", Reason(failure)),
            _ => (ExitCode.Fault, "fault", $"{failure.GetType().Name}: {failure.Message}"),
        };
        Tell(terminal, code, message, call);
        return exitCode;
    }

    public static void Tell(Terminal terminal, string code, string message, Call? call)
    {
        if (terminal.AsJson)
        {
            terminal.Problem(With(new JsonObject { ["error"] = message, ["code"] = code }, call).ToJsonString());
            return;
        }

        foreach (var line in message.Split('\n'))
            terminal.Problem(Terminal.Plain(line.TrimEnd('\r')));
        Advise(terminal, call);
    }

    private static void Tell(Terminal terminal, HeadgateException refusal, Call? call)
    {
        if (terminal.AsJson)
        {
            terminal.Problem(With(Placed(refusal, call), (int)refusal.Status >= 500 ? call : null).ToJsonString());
            return;
        }

        terminal.Problem(Terminal.Plain(refusal.Details.Count == 0 ? At(call, "") + refusal.Message : $"{refusal.Code}:"));
        foreach (var detail in refusal.Details)
            terminal.Problem(Terminal.Plain($"  {At(call, detail.Path)}{detail.Path}: {detail.Message}"));

        if (refusal.RetryAfter is { } wait)
            terminal.Problem($"Try again in {wait.TotalSeconds:0} s.");
        // Who was told that it is too late or too early knows that nothing was done; an error of the service leaves it open.
        if ((int)refusal.Status >= 500 && refusal.Code != "tenant-paused")
            Advise(terminal, call);
    }

    private static string At(Call? call, string path) => call?.Find(path) is { } place ? $"{call.File!.Name}:{place}: " : "";

    // Written anew: a text that the service passes on may hold what turns a terminal around.
    private static JsonObject Placed(HeadgateException refusal, Call? call)
    {
        var body = JsonNode.Parse(refusal.Body.GetRawText())!.AsObject();
        foreach (var detail in body["details"] as JsonArray ?? [])
        {
            if (detail is JsonObject told && (string?)told["path"] is { } path && call?.Find(path) is { } place)
                (told["line"], told["column"]) = (place.Line, place.Column);
        }

        return body;
    }

    private static JsonObject With(JsonObject error, Call? call)
    {
        if (call?.IdempotencyKey is { } key)
            error["idempotencyKey"] = key;
        return error;
    }

    private static void Advise(Terminal terminal, Call? call)
    {
        if (call?.IdempotencyKey is { } key)
            terminal.Problem($"Whether the run was taken is not known. The same command with --idempotency-key {Terminal.Plain(key)} gives the same run, not a second one.");
    }

    private static string Reason(Exception failure) =>
        failure.InnerException is SocketException reason && !failure.Message.Contains(reason.Message, StringComparison.Ordinal) ? $"{failure.Message}: {reason.Message}" : failure.Message;
}
