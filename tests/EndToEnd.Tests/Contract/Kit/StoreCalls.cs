namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>Calls of every kind that can't be answered without the store; the tenant <c>acme</c> is there.</summary>
internal static class StoreCalls
{
    public static IReadOnlyList<(string Method, string Path, string? Body)> All { get; } =
    [
        ("GET", "/ready", null),
        ("GET", "/tenants", null),
        ("GET", "/tenants/acme", null),
        ("PATCH", "/tenants/acme", """{"name":"x"}"""),
        ("POST", "/tenants", """{"id":"new","name":"x","plan":"pro"}"""),
        ("POST", "/tenants/acme/pause", null),
        ("POST", "/tenants/acme/keys", """{"name":"x","role":"viewer"}"""),
        ("PUT", "/tenants/acme/policies/p", "{}"),
        ("PUT", "/tenants/acme/schedules/s", """{"everySeconds":60,"run":{"name":"x","tasks":[{"name":"a","type":"noop"}]}}"""),
        ("POST", "/tenants/acme/schedules/s/trigger", null),
        ("PUT", "/tenants/acme/resources/r", "{}"),
        ("POST", "/tenants/acme/resources/r/release", null),
        ("GET", "/tenants/acme/resources", null),
        ("GET", "/tenants/acme/runs", null),
        ("POST", "/tenants/acme/runs", """{"name":"x","tasks":[{"name":"a","type":"noop"}]}"""),
        ("POST", "/a2a/foreman", """{"tenantId":"acme","runType":"noop"}"""),
        ("GET", "/tenants/acme/dead-letters", null),
        ("POST", "/agents", """{"name":"a","os":"l","arch":"x","version":"1"}"""),
        ("GET", "/agents", null),
        ("GET", "/tasks/fe5dfe31511ad27d4f9057cc864b.one", null),
    ];
}
