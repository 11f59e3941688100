using System.ComponentModel;
using System.Text.Json;
using Headgate.Core.Validation;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Headgate.LocalHost.Http.Mcp;

/// <summary>The tools. Each is one call of the contract; its answer, or its refusal, goes to the caller as it is.</summary>
/// <param name="mayWrite">Whether tools may change anything.</param>
internal sealed class ServiceTools(LoopbackCalls calls, IHttpContextAccessor caller, bool mayWrite)
{
    private const string TenantText = "The tenant's id.";

    [McpServerTool(Name = "list_tenants", ReadOnly = true), Description("Lists tenants with their limits, runs in flight and pauses. For operators.")]
    public Task<CallToolResult> ListTenantsAsync(
        [Description("The next of an earlier page.")] string? after = null, CancellationToken cancellationToken = default) =>
        GetAsync($"tenants?limit=100{After(after)}", cancellationToken);

    [McpServerTool(Name = "list_runs", ReadOnly = true), Description("Lists a tenant's runs, newest first.")]
    public Task<CallToolResult> ListRunsAsync(
        [Description(TenantText)] string tenant,
        [Description("queued, pending, running, completed, failed or cancelled; all by default.")] string? status = null,
        [Description("How many, 1..100; 25 by default.")] int limit = 25,
        [Description("The next of an earlier page.")] string? after = null,
        CancellationToken cancellationToken = default) =>
        GetAsync($"tenants/{Id(tenant)}/runs?limit={limit}{(status is null ? "" : "&status=" + Id(status))}{After(after)}", cancellationToken);

    [McpServerTool(Name = "show_run", ReadOnly = true), Description("Shows a run with its tasks, attempts and next retry times.")]
    public Task<CallToolResult> ShowRunAsync(
        [Description(TenantText)] string tenant, [Description("The run's id.")] string run, CancellationToken cancellationToken = default) =>
        GetAsync($"tenants/{Id(tenant)}/runs/{Id(run)}", cancellationToken);

    [McpServerTool(Name = "explain_run", ReadOnly = true), Description("Tells what holds a run, since when, and what can be done about it.")]
    public Task<CallToolResult> ExplainRunAsync(
        [Description(TenantText)] string tenant, [Description("The run's id.")] string run, CancellationToken cancellationToken = default) =>
        GetAsync($"tenants/{Id(tenant)}/runs/{Id(run)}/explain", cancellationToken);

    [McpServerTool(Name = "explain_task", ReadOnly = true), Description("Tells what holds a task, since when, and what can be done about it.")]
    public Task<CallToolResult> ExplainTaskAsync([Description("The task's id.")] string task, CancellationToken cancellationToken = default) =>
        GetAsync($"tasks/{Id(task)}/explain", cancellationToken);

    [McpServerTool(Name = "show_usage", ReadOnly = true), Description("Tells what a tenant used in a month.")]
    public Task<CallToolResult> ShowUsageAsync(
        [Description(TenantText)] string tenant, [Description("YYYY-MM; this month by default.")] string? month = null, CancellationToken cancellationToken = default) =>
        GetAsync($"tenants/{Id(tenant)}/usage{(month is null ? "" : "?month=" + Id(month))}", cancellationToken);

    [McpServerTool(Name = "show_queues", ReadOnly = true), Description("Tells how many runs and tasks wait, for how long, and whose. For operators.")]
    public Task<CallToolResult> ShowQueuesAsync(CancellationToken cancellationToken = default) => GetAsync("queues", cancellationToken);

    [McpServerTool(Name = "show_alerts", ReadOnly = true), Description("Lists the alert rules and which of them fire; a rule's runbook is read at its path. For operators.")]
    public Task<CallToolResult> ShowAlertsAsync(CancellationToken cancellationToken = default) => GetAsync("alerts", cancellationToken);

    [McpServerTool(Name = "submit_run", ReadOnly = false, Destructive = false), Description("Checks a run. With dryRun false it submits it, if the service lets tools change anything.")]
    public async Task<CallToolResult> SubmitRunAsync(
        [Description(TenantText)] string tenant,
        [Description("The body of POST /tenants/{tenantId}/runs: {name, tasks: [{name, type, needs?, payload?, …}], …}.")] JsonElement run,
        [Description("Only says what is wrong with it; true by default.")] bool dryRun = true,
        CancellationToken cancellationToken = default)
    {
        if (!dryRun)
            return await WriteAsync($"tenants/{Id(tenant)}/runs", run.GetRawText(), cancellationToken);
        // Who may not see the tenant learns nothing of it here either.
        var asked = await SendAsync(HttpMethod.Get, $"tenants/{Id(tenant)}", null, cancellationToken);
        if (asked.IsError == true)
            return asked;
        var problems = new Problems();
        var reader = new ObjectReader(run, "", problems);
        SubmissionReader.Read(reader);
        reader.End();
        return problems.Any
            ? Told($$"""{"dryRun":true,"wouldSubmit":false,"details":{{JsonSerializer.Serialize(problems.Items.Select(problem => new { path = problem.Path, message = problem.Message }))}}}""", isError: true)
            : Told("""{"dryRun":true,"wouldSubmit":true}""", isError: false);
    }

    [McpServerTool(Name = "redrive_dead_letters", ReadOnly = false, Destructive = false), Description("Tells which dead letters match. With dryRun false it replays them, if the service lets tools change anything.")]
    public Task<CallToolResult> RedriveAsync(
        [Description(TenantText)] string tenant,
        [Description("Only those of this failure class.")] string? category = null,
        [Description("Only those of this task type.")] string? type = null,
        [Description("At most so many, 1..1000; 100 by default.")] int limit = 100,
        [Description("Only tells what matches; true by default.")] bool dryRun = true,
        CancellationToken cancellationToken = default)
    {
        var path = $"tenants/{Id(tenant)}/dead-letters/replay";
        var body = JsonSerializer.Serialize(new { category, type, limit, dryRun });
        return dryRun ? SendAsync(HttpMethod.Post, path, body, cancellationToken) : WriteAsync(path, body, cancellationToken);
    }

    private static string Id(string text) => Uri.EscapeDataString(text);

    private static string After(string? after) => after is null ? "" : "&after=" + Id(after);

    private static CallToolResult Told(string text, bool isError) => new() { Content = [new TextContentBlock { Text = text }], IsError = isError };

    private Task<CallToolResult> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    private Task<CallToolResult> WriteAsync(string path, string body, CancellationToken cancellationToken) => mayWrite
        ? SendAsync(HttpMethod.Post, path, body, cancellationToken)
        : Task.FromResult(Told("""{"error":"Tools only read here: Headgate:Mcp:Write is not set","code":"read-only"}""", isError: true));

    private async Task<CallToolResult> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        var credentials = caller.HttpContext?.Request.Headers.Authorization.ToString() ?? throw new InvalidOperationException("A tool is called outside a request.");
        var (succeeded, answer) = await calls.SendAsync(credentials, method, path, body, cancellationToken);
        return Told(answer, isError: !succeeded);
    }
}
