using Headgate.Agent.Connection;
using Headgate.Agent.Options;
using Headgate.Agent.Running;
using Headgate.Contracts.Agents;

namespace Headgate.Agent;

/// <summary>Makes the agent known to the service and keeps the id and key it gets.</summary>
internal static class Registration
{
    public static async Task<int> RunAsync(AgentOptions options, string operatorKey, TextWriter output, TimeProvider time, AgentLog log, CancellationToken stop)
    {
        try
        {
            AgentIdentity.Prepare(options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Error("state-directory", ("folder", options.StateDirectory), ("keyFile", options.KeyFile), ("reason", e.Message), ("next", "nothing was registered: make both writable, then register again"));
            return ExitCode.StateUnavailable;
        }

        using var service = new ServiceClient(options.Service, operatorKey, options.RequestTimeout, time);
        var request = new RegisterAgentRequest(
            options.Name, Machine.OperatingSystem, Machine.Architecture, Machine.Version, options.Tenant, options.Labels, options.TakenTypes);
        switch (await service.RegisterAsync(request, stop))
        {
            case Answer<AgentRegistered>.Given { Value: { Key: null } known } when !File.Exists(options.KeyFile):
                log.Error("already-registered", ("agent", known.AgentId), ("reason", $"its key was shown when it was registered first, and {options.KeyFile} does not exist: delete the agent, then register again"));
                return ExitCode.RegistrationFailed;
            case Answer<AgentRegistered>.Given given when !TrySave(options, given.Value, log):
                return ExitCode.StateUnavailable;
            case Answer<AgentRegistered>.Given given:
                await output.WriteLineAsync($"agentId: {given.Value.AgentId}");
                await output.WriteLineAsync($"keyFile: {options.KeyFile}");
                return ExitCode.Ok;
            case Answer<AgentRegistered>.Refused refused:
                log.Error("refused", ("status", refused.Status), ("code", refused.Code), ("reason", refused.Error));
                return refused.IsUnauthorised ? ExitCode.NotAuthorised : ExitCode.RegistrationFailed;
            case Answer<AgentRegistered>.Unreachable away:
                log.Error("unreachable", ("service", options.Service), ("reason", away.Reason));
                return ExitCode.RegistrationFailed;
            default:
                return ExitCode.Fault;
        }
    }

    private static bool TrySave(AgentOptions options, AgentRegistered registered, AgentLog log)
    {
        try
        {
            AgentIdentity.Save(options, registered.AgentId, registered.Key);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Error("not-kept", ("agent", registered.AgentId), ("reason", e.Message), ("next", "its key is lost: delete the agent, then register again"));
            return false;
        }
    }
}
