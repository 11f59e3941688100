namespace Headgate.Contracts;

/// <summary>The answer to <c>GET /health</c> and <c>GET /ready</c>.</summary>
/// <param name="Status"><c>ok</c> or <c>ready</c>.</param>
public sealed record ProbeView(string Status);

/// <summary>The answer to <c>GET /</c>.</summary>
/// <param name="Links">Where to go on, by what is there.</param>
public sealed record ServiceView(string Name, IReadOnlyDictionary<string, string> Links);
