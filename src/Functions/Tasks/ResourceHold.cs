using System.Runtime.InteropServices;

namespace Headgate.Functions.Tasks;

/// <summary>Ready tasks that a resource keeps back.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="Name">The resource.</param>
/// <param name="Type">Only tasks of this type; null for all that name it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResourceHold(string TenantId, string Name, string? Type);
