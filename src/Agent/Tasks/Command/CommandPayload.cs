using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Command;

/// <param name="Argv">The program, absolute, and its arguments; no shell looks at them.</param>
/// <param name="Env">Only names that the agent's <c>environment.fromTask</c> lists.</param>
/// <param name="Stdin">What the program reads; its input is empty otherwise.</param>
/// <param name="WorkingDirectory">Inside the allowed paths; a fresh folder otherwise.</param>
internal sealed record CommandPayload(IReadOnlyList<string> Argv, IReadOnlyDictionary<string, string> Env, string? Stdin, string? WorkingDirectory)
{
    public static CommandPayload Read(JsonElement? payload, Problems problems)
    {
        var read = new PayloadReader(payload, problems);
        var command = new CommandPayload(read.Texts("argv", required: true), read.Map("env"), read.Text("stdin"), read.Text("workingDirectory"));
        read.End();
        // A NUL would end the text early on its way into the program: what runs would not be what was checked.
        if (command.Argv.Any(a => a.Contains('\0', StringComparison.Ordinal)) || command.Env.Any(e => (e.Key + e.Value).Contains('\0', StringComparison.Ordinal)))
            problems.Add("", "no argument or variable may hold a NUL");
        return command;
    }
}
