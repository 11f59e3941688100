using System.Net;

namespace Headgate.Load.Rig;

/// <summary>A registered agent, as itself.</summary>
internal sealed record AgentAccount(IPEndPoint Address, string AgentId, string Key);
