using System.Text.Json.Serialization;
using Headgate.Client.Calls;
using Headgate.Contracts;

namespace Headgate.Cli;

/// <param name="Service">The address that the key is for.</param>
/// <param name="Key">The key.</param>
/// <param name="TenantId">The key's own; null: it has none, or it was not noted.</param>
internal sealed record Credentials(string Service, string Key, string? TenantId = null);

/// <summary>What serves on this machine.</summary>
/// <param name="OperatorKeyFile">Null where the environment gave the key.</param>
internal sealed record HostView(string Address, string? OperatorKeyFile, int ProcessId);

/// <param name="Check">What was looked at.</param>
/// <param name="State"><c>ok</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="Message">What was found.</param>
/// <param name="Cure">What to do about it; null where nothing is to be done.</param>
internal sealed record CheckView(string Check, string State, string Message, string? Cure);

/// <param name="Action"><c>create</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Kind"><c>tenant</c>, <c>policy</c> or <c>member</c>.</param>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Name">Of the policy or the member; null for the tenant itself.</param>
/// <param name="Fields">What becomes of each field; empty for a deletion.</param>
internal sealed record ChangeView(string Action, string Kind, string Tenant, string? Name, IReadOnlyList<FieldChange> Fields);

/// <param name="Field">Its name.</param>
/// <param name="From">As JSON text; null if it wasn't there.</param>
/// <param name="To">As JSON text.</param>
internal sealed record FieldChange(string Field, string? From, string To);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(MillisecondTime)], RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Submission))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(HostView))]
[JsonSerializable(typeof(CheckView))]
[JsonSerializable(typeof(ChangeView))]
internal sealed partial class CliJson : JsonSerializerContext;
