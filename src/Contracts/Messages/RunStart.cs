namespace Headgate.Contracts.Messages;

/// <summary>Message on the <c>runs</c> queue: start an admitted run. Its row has everything else.</summary>
public sealed record RunStart(string TenantId, string RunId);
