namespace Headgate.Contracts.Messages;

/// <summary>Message on the <c>runs</c> queue: an admitted run waits to be started. Ids only; the row is the authority.</summary>
public sealed record RunStart(string TenantId, string RunId);
