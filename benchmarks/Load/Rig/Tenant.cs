namespace Headgate.Load.Rig;

/// <summary>A tenant of the measure, with the key of a developer of it.</summary>
internal sealed record Tenant(string Id, string Key);
