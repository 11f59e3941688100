using Spectre.Console;

namespace Headgate.Demo;

/// <summary>Shows the steps as they go: a live table in a terminal, plain lines elsewhere.</summary>
internal static class Screen
{

    /// <summary>Runs the play in front of a screen.</summary>
    /// <param name="play">Gets what it calls with each step's place, state and what was seen.</param>
    public static Task ShowAsync(IReadOnlyList<Step> steps, Func<Action<int, StepState, string>, Task> play) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? PlainAsync(steps, play) : LiveAsync(steps, play);

    private static Task PlainAsync(IReadOnlyList<Step> steps, Func<Action<int, StepState, string>, Task> play) => play((step, state, seen) =>
    {
        if (state != StepState.Running)
            Console.WriteLine($"{(state == StepState.Proven ? "ok  " : "FAIL")} {steps[step].Title}: {seen}");
    });

    private static async Task LiveAsync(IReadOnlyList<Step> steps, Func<Action<int, StepState, string>, Task> play)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "Step", "Seen");
        foreach (var step in steps)
            table.AddRow("", Markup.Escape(step.Title), "");
        await AnsiConsole.Live(table).StartAsync(async live =>
        {
            await play((step, state, seen) =>
            {
                table.UpdateCell(step, 0, state switch { StepState.Running => "[yellow]…[/]", StepState.Proven => "[green]ok[/]", _ => "[red]FAIL[/]" });
                table.UpdateCell(step, 2, Markup.Escape(seen));
                live.Refresh();
            });
        });
    }
}

internal enum StepState
{
    Running,
    Proven,
    Failed,
}
