using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Headgate.Azure.ServiceBus;
using Headgate.Ports;
using Headgate.ServiceBusPeer;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

/// <summary>The client with the app's identity, which needs TLS.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private static readonly OutgoingMessage s_message = new("runs", "m1", "{}"u8.ToArray());
    private readonly ManualClock _clock = new();
    private X509Certificate2 _certificate = null!;
    private BusPeer _peer = null!;

    public async Task InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        _peer = await BusPeer.StartAsync(_clock, _certificate);
        _ = _peer.Queues["runs"];
    }

    public async Task DisposeAsync() => await _peer.DisposeAsync();

    [Fact]
    public async Task Send_IdentityGetsNoToken_IsAnOutageUntilItDoes()
    {
        var identity = new Identity { Failure = new CredentialUnavailableException("nobody is signed in") };
        await using var client = Client(identity);
        var queue = new ServiceBusQueue(client, _clock);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => queue.SendAsync(s_message).AsTask());
        identity.Failure = null;
        await queue.SendAsync(s_message);

        Assert.Same(typeof(CredentialUnavailableException), failure.InnerException!.GetType());
        Assert.Equal("m1", Assert.Single(_peer.Queues["runs"].Messages).Sent.Id);
    }

    [Fact]
    public async Task Send_IdentityHasNoRoleYet_IsAnOutage()
    {
        _peer.Script.Once(PeerStep.Token, new PeerAnswer.Refused("amqp:unauthorized-access"));
        await using var client = Client(new Identity());

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => new ServiceBusQueue(client, _clock).SendAsync(s_message).AsTask());

        Assert.IsType<UnauthorizedAccessException>(failure.InnerException);
    }

    private ServiceBusClient Client(TokenCredential identity) => new("name.servicebus.windows.net", identity, new ServiceBusClientOptions
    {
        CustomEndpointAddress = new Uri($"amqps://127.0.0.1:{_peer.Port}"),
        CertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString(),
        RetryOptions = { MaxRetries = 0 },
    });

    private sealed class Identity : TokenCredential
    {
        public Exception? Failure { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            Failure is null ? new AccessToken("token", DateTimeOffset.MaxValue.AddYears(-1)) : throw Failure;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
