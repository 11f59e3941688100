using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Cli.Commands;

internal static class AgentCommands
{
    public static void AddTo(CommandLine line)
    {
        var agents = line.Group("agents", "Agents, which do the work");
        var id = Given.Id("agent", "The agent's id");
        line.Add(agents, new Command("list", "All agents, or one tenant's"), (call, cancellationToken) => call.Terminal.ShowAsync(
            call.Client.Agents.ListAsync(call.Given, cancellationToken),
            int.MaxValue,
            ContractJson.Default.AgentView,
            ["AGENT", "STATUS", "STATE", "TAKES", "NAME"],
            agent => [agent.AgentId, agent.Status, agent.State, string.Join(',', agent.Capabilities), agent.Name]));
        line.Add(agents, new Command("show", "One agent, and how busy it is") { id }, async (call, cancellationToken) =>
            Show(call, await call.Client.Agents.GetAsync(call.Value(id), cancellationToken), await call.Client.Agents.LoadAsync(call.Value(id), cancellationToken)));
        line.Add(agents, new Command("drain", "Give it no new work") { id }, async (call, cancellationToken) =>
            Say(call, await call.Client.Agents.DrainAsync(call.Value(id), cancellationToken)));
        line.Add(agents, new Command("undrain", "Give it work again") { id }, async (call, cancellationToken) =>
            Say(call, await call.Client.Agents.UndrainAsync(call.Value(id), cancellationToken)));
        var reason = new Option<string>("--reason") { Description = "For the audit and the alert", Required = true };
        line.Add(agents, new Command("quarantine", "Give it no new work, and alert") { id, reason }, async (call, cancellationToken) =>
            Say(call, await call.Client.Agents.QuarantineAsync(call.Value(id), call.Value(reason)!, cancellationToken)));
        line.Add(agents, new Command("release", "End a quarantine") { id }, async (call, cancellationToken) =>
            Say(call, await call.Client.Agents.ReleaseAsync(call.Value(id), cancellationToken)));
    }

    private static void Show(Call call, AgentView agent, AgentLoadView load)
    {
        var both = JsonSerializer.SerializeToNode(agent, ContractJson.Default.AgentView)!.AsObject();
        both["load"] = JsonSerializer.SerializeToNode(load, ContractJson.Default.AgentLoadView);
        call.Terminal.Show(
            both,
            ("agent", agent.AgentId),
            ("name", agent.Name),
            ("status", $"{agent.Status}, {agent.State}"),
            ("quarantine", agent.Quarantine?.Reason),
            ("machine", $"{agent.Os} {agent.Arch}, version {agent.Version}"),
            ("takes", string.Join(", ", agent.Capabilities)),
            ("slots", string.Create(CultureInfo.InvariantCulture, $"{load.CurrentTasksCount} of {load.MaxConcurrentTasks} in use")),
            ("last seen", Terminal.Time(agent.LastSeenAt)));
    }

    private static void Say(Call call, AgentView agent) =>
        call.Terminal.Show(agent, ContractJson.Default.AgentView, ("agent", agent.AgentId), ("status", $"{agent.Status}, {agent.State}"));
}
