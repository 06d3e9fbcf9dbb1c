using System.Text;
using Azure.Messaging.ServiceBus;
using Moq;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Infrastructure.Tests.ServiceBus;

/// <summary>What the adapter makes of faults that nobody can provoke at a broker on demand. The SDK's classes are made for being replaced; ours are real.</summary>
public sealed class ServiceBusFaultTests : IAsyncDisposable
{
    private const string Subscription = "klaviyo";

    private readonly Mock<ServiceBusSender> _sender = new(MockBehavior.Strict);
    private readonly Mock<ServiceBusReceiver> _receiver = new(MockBehavior.Strict);
    private readonly List<List<ServiceBusMessage>> _batches = [];
    private readonly ServiceBusChainBus _bus;
    private const int RoomInABatch = 3;
    private long _largest = long.MaxValue;

    public ServiceBusFaultTests()
    {
        var client = new Mock<ServiceBusClient>();
        client.Setup(one => one.CreateSender(ChainTopic.Name)).Returns(_sender.Object);
        client.Setup(one => one.CreateReceiver(ChainTopic.Name, Subscription, It.IsAny<ServiceBusReceiverOptions>())).Returns(_receiver.Object);
        _sender.Setup(one => one.CreateMessageBatchAsync(It.IsAny<CancellationToken>())).Returns(() => new ValueTask<ServiceBusMessageBatch>(Batch()));
        _sender.Setup(one => one.DisposeAsync()).Returns(ValueTask.CompletedTask);
        _receiver.Setup(one => one.DisposeAsync()).Returns(ValueTask.CompletedTask);
        _bus = new(client.Object, administration: null, new(), TimeProvider.System);
    }

    public static TheoryData<Exception> Faults =>
    [
        new ServiceBusException("lost", ServiceBusFailureReason.ServiceCommunicationProblem),
        new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy),
        new ServiceBusException("gone", ServiceBusFailureReason.MessagingEntityNotFound, ChainTopic.Name),
        new ServiceBusException("full", ServiceBusFailureReason.QuotaExceeded),
        new TimeoutException(),
        new UnauthorizedAccessException(),
        new TaskCanceledException("the SDK's own limit of time"),
        new System.Net.Sockets.SocketException(),
        new IOException(),
        new Azure.Identity.AuthenticationFailedException("no identity"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_of_the_broker_is_a_bus_that_is_unavailable(Exception fault)
    {
        _sender.Setup(one => one.SendMessagesAsync(It.IsAny<ServiceBusMessageBatch>(), It.IsAny<CancellationToken>())).ThrowsAsync(fault);

        var thrown = await Should.ThrowAsync<BusUnavailableException>(async () => await _bus.PublishAsync([Message("m1")], Token));

        thrown.InnerException.ShouldBe(fault);
        thrown.Message.ShouldNotContain("m1");
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_fault_of_the_broker()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        _sender.Setup(one => one.SendMessagesAsync(It.IsAny<ServiceBusMessageBatch>(), It.IsAny<CancellationToken>())).ThrowsAsync(new TaskCanceledException());

        await Should.ThrowAsync<OperationCanceledException>(async () => await _bus.PublishAsync([Message("m1")], cancelled.Token));
    }

    [Fact]
    public async Task After_a_batch_that_failed_no_later_one_is_sent_and_the_next_publication_begins_at_the_start()
    {
        var answers = new Queue<Exception?>([null, new ServiceBusException("lost", ServiceBusFailureReason.ServiceTimeout)]);
        var sent = new List<string>();
        _sender.Setup(one => one.SendMessagesAsync(It.IsAny<ServiceBusMessageBatch>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            sent.AddRange(_batches[^1].Select(message => message.MessageId));
            return answers.TryDequeue(out var answer) && answer is not null ? Task.FromException(answer) : Task.CompletedTask;
        });
        BusMessage[] messages = [.. Enumerable.Range(1, 8).Select(number => Message($"m{number}"))];

        await Should.ThrowAsync<BusUnavailableException>(async () => await _bus.PublishAsync(messages, Token));
        sent.ShouldBe(["m1", "m2", "m3", "m4", "m5", "m6"], "the third batch must not overtake the second");
        sent.Clear();
        await _bus.PublishAsync(messages, Token);

        sent.ShouldBe(messages.Select(message => message.Id));
    }

    [Fact]
    public async Task A_message_that_no_batch_takes_goes_without_its_data_and_holds_nobody_up()
    {
        _largest = 1_000;
        _sender.Setup(one => one.SendMessagesAsync(It.IsAny<ServiceBusMessageBatch>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);

        await _bus.PublishAsync([Message("m1"), Message("m2") with { Body = new byte[5_000] }, Message("m3")], Token);

        var sent = _batches.SelectMany(batch => batch).ToList();
        sent.Select(message => message.MessageId).ShouldBe(["m1", "m2", "m3"]);
        sent[1].Body.ToMemory().Length.ShouldBe(0);
        sent[1].ApplicationProperties["cloudEvents_dataref"].ShouldBe("/api/events#m2");
        sent[1].ApplicationProperties["cloudEvents_source"].ShouldBe("test");
    }

    [Fact]
    public async Task Nothing_to_publish_opens_the_way_and_sends_nothing()
    {
        await _bus.PublishAsync([], Token);

        _sender.Verify(one => one.CreateMessageBatchAsync(It.IsAny<CancellationToken>()), Times.Once);
        _sender.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task Without_the_right_to_manage_a_subscription_is_looked_at_and_not_made()
    {
        _receiver.Setup(one => one.PeekMessageAsync(null, It.IsAny<CancellationToken>())).Returns(Task.FromResult<ServiceBusReceivedMessage>(null!));

        await _bus.SubscribeAsync(Subscription, Token);

        _receiver.Verify(one => one.PeekMessageAsync(null, It.IsAny<CancellationToken>()), Times.Once);
        _receiver.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task A_subscription_that_nobody_made_is_named()
    {
        _receiver.Setup(one => one.PeekMessageAsync(null, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ServiceBusException("gone", ServiceBusFailureReason.MessagingEntityNotFound, "chain-events/Subscriptions/klaviyo"));

        var fault = await Should.ThrowAsync<BusUnavailableException>(async () => await _bus.SubscribeAsync(Subscription, Token));

        fault.Message.ShouldBe("Service Bus has no 'chain-events/Subscriptions/klaviyo'.");
    }

    [Fact]
    public async Task What_has_lost_its_lock_is_not_sent_again()
    {
        _receiver.Setup(one => one.RenewMessageLockAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ServiceBusException("lost", ServiceBusFailureReason.MessageLockLost));

        await _bus.DeferAsync(Received(Message("m1")), DateTimeOffset.UtcNow, Token);

        _sender.VerifyNoOtherCalls();
        _receiver.Verify(one => one.CompleteMessageAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task A_deferral_whose_copy_could_not_be_sent_leaves_the_message_where_it_is()
    {
        _receiver.Setup(one => one.RenewMessageLockAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _sender.Setup(one => one.SendMessageAsync(It.IsAny<ServiceBusMessage>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ServiceBusException("lost", ServiceBusFailureReason.ServiceCommunicationProblem));

        await Should.ThrowAsync<BusUnavailableException>(async () => await _bus.DeferAsync(Received(Message("m1")), DateTimeOffset.UtcNow, Token));

        _receiver.Verify(one => one.CompleteMessageAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task The_same_deferral_twice_is_one_copy_and_the_next_one_another()
    {
        var copies = new List<ServiceBusMessage>();
        _receiver.Setup(one => one.RenewMessageLockAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _receiver.Setup(one => one.CompleteMessageAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _sender.Setup(one => one.SendMessageAsync(Capture.In(copies), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        var due = DateTimeOffset.UtcNow.AddHours(1);

        await _bus.DeferAsync(Received(Message("m1")), due, Token);
        await _bus.DeferAsync(Received(Message("m1")), due, Token);
        await _bus.DeferAsync(Received(Message("m1")) with { DeliveryCount = 2 }, due, Token);

        copies.Select(copy => copy.MessageId).Distinct().Count().ShouldBe(2);
        copies[0].MessageId.ShouldBe(copies[1].MessageId);
        copies.ShouldAllBe(copy => copy.To == Subscription && copy.ScheduledEnqueueTime == due && copy.PartitionKey == "profile-1");
    }

    private static BusMessage Message(string id) =>
        new(id, "profile-1", "order.placed", Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""), new Dictionary<string, string> { ["source"] = "test" });

    private static ReceivedMessage Received(BusMessage message) => new(message, Subscription, Guid.NewGuid().ToString(), 1);

    private ServiceBusMessageBatch Batch()
    {
        var batch = new List<ServiceBusMessage>();
        _batches.Add(batch);
        return ServiceBusModelFactory.ServiceBusMessageBatch(
            batchSizeBytes: 0, batch, tryAddCallback: message => batch.Count < RoomInABatch && message.Body.ToMemory().Length <= _largest);
    }
}
