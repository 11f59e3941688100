using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Headgate.Azure.ServiceBus;
using Headgate.Ports;

namespace Headgate.Azure.Tests.ServiceBus;

public sealed class ServiceBusMetricsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Depth_CountsOfTheBroker_AreTaken() =>
        Assert.Equal(new QueueDepth(3, 2, 1, TimeSpan.Zero), PeekedQueue.Depth(3, 2, 1, [], Now));

    [Fact]
    public void Depth_SeveralMessages_TellsTheAgeOfTheOldestActive()
    {
        ServiceBusReceivedMessage[] first =
        [
            Message(ServiceBusMessageState.Scheduled, 90),
            Message(ServiceBusMessageState.Active, 20),
            Message(ServiceBusMessageState.Active, 30),
            Message(ServiceBusMessageState.Deferred, 60),
        ];

        Assert.Equal(TimeSpan.FromSeconds(30), PeekedQueue.Depth(2, 1, 0, first, Now).OldestAge);
    }

    [Theory]
    [InlineData(ServiceBusMessageState.Scheduled, 30)]
    [InlineData(ServiceBusMessageState.Deferred, 30)]
    [InlineData(ServiceBusMessageState.Active, -5)]
    public void Depth_NothingThatHasWaited_TellsNoAge(ServiceBusMessageState state, int secondsAgo) =>
        Assert.Equal(TimeSpan.Zero, PeekedQueue.Depth(1, 0, 0, [Message(state, secondsAgo)], Now).OldestAge);

    [Fact]
    public async Task Get_BrokerBusy_IsUnavailableAndSaysWhenToComeBack()
    {
        var failure = await FailAsync(new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy));

        Assert.Equal(TimeSpan.FromSeconds(10), failure.RetryAfter);
    }

    [Fact]
    public async Task Get_RequestRefused_IsUnavailableAndNamesQueueAndStatus()
    {
        var failure = await FailAsync(new RequestFailedException(403, "no Manage claim"));

        Assert.Contains("'runs'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ServiceBusQueueTests.Outages), MemberType = typeof(ServiceBusQueueTests))]
    public async Task Get_BrokerOrIdentityAway_IsUnavailable(Exception outage) => await FailAsync(outage);

    private static async Task<StoreUnavailableException> FailAsync(Exception cause)
    {
        var metrics = new ServiceBusMetrics(new NoClient(), new FailingAdministration(cause), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => metrics.GetAsync("runs").AsTask());
        Assert.Same(cause, failure.InnerException);
        return failure;
    }

    private static ServiceBusReceivedMessage Message(ServiceBusMessageState state, int secondsAgo) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: Now.AddSeconds(-secondsAgo), serviceBusMessageState: state);

    private sealed class NoClient : ServiceBusClient;

    private sealed class FailingAdministration(Exception cause) : ServiceBusAdministrationClient
    {
        public override Task<Response<QueueRuntimeProperties>> GetQueueRuntimePropertiesAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromException<Response<QueueRuntimeProperties>>(cause);
    }
}
