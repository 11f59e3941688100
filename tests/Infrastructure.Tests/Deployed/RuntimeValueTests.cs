namespace Headgate.Infrastructure.Tests.Deployed;

public sealed class RuntimeValueTests
{
    private const string Id = "reference(resourceId('00', 'rg', 'Microsoft.Resources/deployments', format('identity-{0}', uniqueString('identity', format('app-{0}', uniqueString('app', deployment().name))))), '2025-04-01').outputs.clientId.value";
    private const string Endpoint = "reference(resourceId('00', 'rg', 'Microsoft.Resources/deployments', format('scheduler-{0}', uniqueString('scheduler', deployment().name))), '2025-04-01').outputs.endpoint.value";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("[[in brackets]", "[[in brackets]")]
    [InlineData($"[{Id}]", "<identity.clientId>")]
    [InlineData($"[format('ClientId={{0}};Authorization=AAD', {Id})]", "ClientId=<identity.clientId>;Authorization=AAD")]
    [InlineData($"[format('Endpoint={{0}};ClientID={{1}}', {Endpoint}, {Id})]", "Endpoint=<scheduler.endpoint>;ClientID=<identity.clientId>")]
    [InlineData("[tenant().tenantId]", "[tenant().tenantId]")]
    [InlineData("[format('{0}.x', environment().suffixes.storage)]", "[format('{0}.x', environment().suffixes.storage)]")]
    public void Readable_Value_NamesTheOutputs(string value, string expected) => Assert.Equal(expected, RuntimeValue.Readable(value));
}
