using Azure.Messaging.ServiceBus;
using Headgate.ServiceBusPeer;

namespace Headgate.Azure.Tests.ServiceBus.Peer;

/// <summary>The broker is slow, silent, gone and back, with one client for the life of the app.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _until = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusRig _rig = null!;

    public async Task InitializeAsync() => _rig = await BusRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(PeerStep.Connect)]
    [InlineData(PeerStep.Token)]
    [InlineData(PeerStep.Attach)]
    [InlineData(PeerStep.Transfer)]
    public async Task Send_AnswerTakesLong_IsNotWaitedForAndTheMessageArrivesLater(PeerStep step)
    {
        _rig.Peer.Script.Once(step, new PeerAnswer.Late(_until.Task));

        var failure = await _rig.SendLateAsync("m1", step);

        // Our own limit, not the client's, which is longer.
        Assert.Contains("no answer in time", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_rig.Runs.Messages);
        _until.SetResult();
        await _rig.Runs.ArrivedAsync("m1");
        await _rig.SendAtLastAsync("m2");
        Assert.Equal(["m1", "m2"], _rig.Runs.Messages.Select(message => message.Sent.Id));
    }

    [Fact]
    public async Task Send_TransferNeverAnswered_LeavesTheLinkToOthers()
    {
        _rig.Peer.Script.Once(PeerStep.Transfer, new PeerAnswer.Silent());

        await _rig.SendLateAsync("m1", PeerStep.Transfer);
        await _rig.SendAsync("m2");

        Assert.Equal((1, "m2"), (_rig.Peer.Script.Times(PeerStep.Attach), Assert.Single(_rig.Runs.Messages).Sent.Id));
    }

    [Fact]
    public async Task Send_AnswerLostWithTheConnection_IsADuplicateWhenSentAgain()
    {
        await _rig.SendAsync("m0");
        _rig.Peer.Script.Once(PeerStep.Transfer, new PeerAnswer.Lost());

        await _rig.SendFailsAsync("m1");
        await _rig.SendAtLastAsync("m1");

        Assert.Equal(["m0", "m1"], _rig.Runs.Messages.Select(message => message.Sent.Id));
        Assert.InRange(_rig.Peer.Script.Times(PeerStep.Transfer), 3, int.MaxValue);
    }

    [Fact]
    public async Task Send_ConnectionBroken_GoesOnOnAnother()
    {
        await _rig.SendAsync("m1");
        _rig.Peer.BreakConnections();

        await _rig.SendAtLastAsync("m2");

        Assert.Equal(2, _rig.Peer.Script.Times(PeerStep.Connect));
    }

    [Fact]
    public async Task SendAndMeasure_BrokerGone_AreOutagesUntilItIsBack()
    {
        await _rig.SendAsync("m1");
        await _rig.Peer.LeaveAsync();

        var failure = await _rig.SendFailsAsync("m2");
        var measured = await Assert.ThrowsAsync<Ports.StoreUnavailableException>(() => _rig.Metrics.GetAsync("runs").AsTask());
        await _rig.Peer.ListenAsync();
        await _rig.SendAtLastAsync("m3");

        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, Assert.IsType<ServiceBusException>(failure.InnerException).Reason);
        Assert.NotNull(measured.InnerException);
        Assert.Equal(["m1", "m3"], _rig.Runs.Messages.Select(message => message.Sent.Id));
        Assert.Equal(2, (await _rig.Metrics.GetAsync("runs")).Active);
    }
}
