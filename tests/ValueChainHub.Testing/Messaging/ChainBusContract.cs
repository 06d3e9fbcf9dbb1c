using System.Text;
using Shouldly;
using ValueChainHub.Core.Messaging;
using Xunit;

namespace ValueChainHub.Testing.Messaging;

/// <summary>The numbered cases of <see cref="IChainBus"/>. An adapter inherits them, says how it is opened, and passes.</summary>
public abstract class ChainBusContract : IAsyncLifetime
{
    private const string First = "klaviyo";
    private const string Second = "gorgias";

    /// <summary>The adapter's clock, where it takes one; see <see cref="PassAsync"/>.</summary>
    protected ManualTime Time { get; } = new();

    protected IChainBus Bus { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How long a received message is hidden.</summary>
    protected abstract TimeSpan LockDuration { get; }

    /// <summary>How long a message is put off in these tests. A broker with a clock of its own makes it short.</summary>
    protected virtual TimeSpan Later => TimeSpan.FromHours(1);

    /// <summary>A wait within which a repeated id is recognised.</summary>
    protected virtual TimeSpan WithinDuplicateWindow => TimeSpan.FromMinutes(9);

    /// <summary>The time as the adapter sees it.</summary>
    protected virtual DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Lets time pass for the adapter.</summary>
    protected virtual Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    private Task PassTheLockAsync() => PassAsync(LockDuration + TimeSpan.FromSeconds(1));

    /// <summary>An empty bus on <see cref="Time"/>.</summary>
    protected abstract Task<IChainBus> OpenAsync();

    /// <summary>A second instance over what the first has made durable. The first is not shut down in good order, where that can be had.</summary>
    protected abstract Task<IChainBus> ReopenAsync();

    public virtual async ValueTask InitializeAsync()
    {
        Bus = await OpenAsync();
        await Bus.SubscribeAsync(First, Token);
        await Bus.SubscribeAsync(Second, Token);
    }

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Case_01_A_published_message_reaches_every_subscription_that_existed()
    {
        await PublishAsync(Message("m1"));

        Ids(await ReceiveAsync(First)).ShouldBe(["m1"]);
        Ids(await ReceiveAsync(Second)).ShouldBe(["m1"]);
    }

    [Fact]
    public async Task Case_02_A_message_arrives_as_it_was_sent()
    {
        var sent = new BusMessage("m1", "profile-1", "order.placed", Encoding.UTF8.GetBytes("""{"łódź":"\u0000"}"""), new Dictionary<string, string> { ["source"] = "shop ä", ["traceparent"] = "00-1" });
        await PublishAsync(sent);

        var received = (await ReceiveAsync(First)).ShouldHaveSingleItem();

        (received.Message.Id, received.Message.PartitionKey, received.Message.Type).ShouldBe((sent.Id, sent.PartitionKey, sent.Type));
        received.Message.Body.ToArray().ShouldBe(sent.Body.ToArray());
        received.Message.Properties.ShouldBe(sent.Properties, ignoreOrder: true);
        (received.Subscription, received.DeliveryCount).ShouldBe((First, 1));
    }

    [Fact]
    public async Task Case_03_A_message_id_published_again_within_the_duplicate_window_is_not_delivered_again()
    {
        await PublishAsync(Message("m1"));
        await SettleAllAsync(First);
        await PassAsync(WithinDuplicateWindow);

        await PublishAsync(Message("m1"), Message("m2"));
        await PublishAsync(Message("m3"), Message("m3"));

        Ids(await ReceiveAsync(First)).ShouldBe(["m2", "m3"]);
    }

    [Fact]
    public async Task Case_04_First_deliveries_of_one_partition_key_come_in_the_order_of_publishing()
    {
        for (var round = 0; round < 5; round++)
        {
            await PublishAsync([.. Enumerable.Range(0, 4).Select(number => Message($"m{round}{number}", $"profile-{number % 2}"))]);
        }

        var received = new List<ReceivedMessage>();
        while (await ReceiveAsync(First, limit: 3) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(3);
            received.AddRange(page);
        }

        received.Count.ShouldBe(20);
        foreach (var key in received.GroupBy(message => message.Message.PartitionKey))
        {
            Ids(key).ShouldBe(Ids(key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Case_05_A_received_message_is_hidden_until_its_lock_ends_and_then_comes_again_with_a_higher_count()
    {
        await PublishAsync(Message("m1"));
        var first = (await ReceiveAsync(First)).ShouldHaveSingleItem();
        (await ReceiveAsync(First)).ShouldBeEmpty();

        await PassTheLockAsync();
        var second = (await ReceiveAsync(First)).ShouldHaveSingleItem();

        second.Message.Id.ShouldBe("m1");
        second.DeliveryCount.ShouldBe(first.DeliveryCount + 1);
        second.Lock.ShouldNotBe(first.Lock);
        (await ReceiveAsync(First)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_06_A_completed_message_does_not_come_again_on_this_subscription_and_the_others_are_not_touched()
    {
        await PublishAsync([.. Enumerable.Range(0, 6).Select(number => Message($"m{number}"))]);
        var received = await ReceiveAsync(First);
        foreach (var message in received.Where(message => message.Message.Id is not "m2").Reverse())
        {
            await Bus.CompleteAsync(message, Token);
        }

        await PassTheLockAsync();

        Ids(await ReceiveAsync(First)).ShouldBe(["m2"]);
        (await ReceiveAsync(Second)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Case_07_A_deferred_message_comes_again_at_its_time_and_messages_of_other_keys_do_not_wait_for_it()
    {
        await PublishAsync(Message("m1", "profile-1"), Message("m2", "profile-2"));
        var first = (await ReceiveAsync(First, limit: 1)).ShouldHaveSingleItem();
        var due = Now + Later;
        await Bus.DeferAsync(first, due, Token);

        Ids(await SettleAllAsync(First)).ShouldBe(["m2"]);
        await PassAsync((due - Now) / 2);
        (await ReceiveAsync(First)).ShouldBeEmpty();
        await PassAsync(due - Now + TimeSpan.FromSeconds(1));
        var again = (await ReceiveAsync(First)).ShouldHaveSingleItem();

        again.Message.Id.ShouldBe("m1");
        again.DeliveryCount.ShouldBeGreaterThan(first.DeliveryCount);
        await Bus.DeferAsync(again, Now + Later, Token);
        await PassAsync(2 * Later);
        var third = (await ReceiveAsync(First)).ShouldHaveSingleItem();
        third.DeliveryCount.ShouldBeGreaterThan(again.DeliveryCount);
        await Bus.CompleteAsync(third, Token);
        await PassAsync(2 * Later);
        (await ReceiveAsync(First)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_08_A_dead_lettered_message_does_not_come_again_and_is_listed_with_its_reason_and_can_be_resubmitted()
    {
        await PublishAsync(Message("m1"), Message("m2"));
        foreach (var message in await ReceiveAsync(First))
        {
            await Bus.DeadLetterAsync(message, $"refused {message.Message.Id}", Token);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        await PassTheLockAsync();
        (await ReceiveAsync(First)).ShouldBeEmpty();
        var dead = await Bus.ReadDeadLettersAsync(First, 10, Token);
        dead.Select(letter => (letter.Message.Id, letter.Reason, letter.DeliveryCount)).ShouldBe([("m1", "refused m1", 1), ("m2", "refused m2", 1)]);
        (await Bus.ReadDeadLettersAsync(First, 1, Token)).ShouldHaveSingleItem().Message.Body.ToArray().ShouldBe(Message("m1").Body.ToArray());
        (await Bus.ReadDeadLettersAsync(Second, 10, Token)).ShouldBeEmpty();

        (await Bus.ResubmitAsync(First, "m1", Token)).ShouldBeTrue();
        (await Bus.ResubmitAsync(First, "m1", Token)).ShouldBeFalse();
        (await Bus.ResubmitAsync(First, "unknown", Token)).ShouldBeFalse();

        Ids(await SettleAllAsync(First)).ShouldBe(["m1"]);
        (await Bus.ReadDeadLettersAsync(First, 10, Token)).ShouldHaveSingleItem().Message.Id.ShouldBe("m2");
        await PassTheLockAsync();
        (await ReceiveAsync(First)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_09_Settling_twice_or_after_the_lock_has_ended_is_not_an_error()
    {
        await PublishAsync(Message("m1"), Message("m2"));
        var received = await ReceiveAsync(First);
        await Bus.CompleteAsync(received[0], Token);

        await Bus.CompleteAsync(received[0], Token);
        await Bus.DeferAsync(received[0], Now, Token);
        await Bus.DeadLetterAsync(received[0], "late", Token);
        await PassTheLockAsync();
        var again = (await ReceiveAsync(First)).ShouldHaveSingleItem();
        await Bus.DeadLetterAsync(received[1], "after the lock", Token);
        await Bus.CompleteAsync(again, Token);

        again.Message.Id.ShouldBe("m2");
        await PassTheLockAsync();
        (await ReceiveAsync(First)).ShouldBeEmpty();
        (await Bus.ReadDeadLettersAsync(First, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_10_Publishing_is_durable_when_it_has_answered()
    {
        await PublishAsync([.. Enumerable.Range(0, 5).Select(number => Message($"m{number}"))]);
        var received = await ReceiveAsync(First);
        await Bus.CompleteAsync(received[0], Token);
        await Bus.CompleteAsync(received[2], Token);
        await Bus.DeferAsync(received[3], Now + LockDuration + Later, Token);
        await Bus.DeadLetterAsync(received[4], "refused", Token);

        var reopened = await ReopenAsync();

        await PassTheLockAsync();
        Ids(await ReceiveAsync(reopened, First)).ShouldBe(["m1"]);
        Ids(await ReceiveAsync(reopened, Second)).ShouldBe(["m0", "m1", "m2", "m3", "m4"]);
        (await reopened.ReadDeadLettersAsync(First, 10, Token)).ShouldHaveSingleItem().Reason.ShouldBe("refused");
        await PassAsync(Later);
        Ids(await ReceiveAsync(reopened, First)).ShouldContain("m3");
    }

    [Fact]
    public async Task Case_11_A_publication_of_many_messages_is_accepted_whole_and_may_be_repeated()
    {
        var messages = Enumerable.Range(0, 500).Select(number => Message($"m{number:000}", $"profile-{number % 10}")).ToArray();

        await PublishAsync(messages);
        await PublishAsync(messages);
        await PublishAsync();

        var received = new List<string>();
        while (await SettleAllAsync(First) is { Count: > 0 } page)
        {
            received.AddRange(Ids(page));
        }

        received.ShouldBe(messages.Select(message => message.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Case_12_Receiving_waits_at_most_the_given_patience_and_then_answers_an_empty_list()
    {
        var patience = Later / 60;
        var waiting = Bus.ReceiveAsync(First, 10, patience, Token).AsTask();
        while (!waiting.IsCompleted)
        {
            await PassAsync(patience / 2);
            await Task.WhenAny(waiting, Task.Delay(20, Token));
        }

        (await waiting).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_12_Receiving_ends_as_soon_as_a_message_is_there()
    {
        var waiting = Bus.ReceiveAsync(First, 10, TimeSpan.FromHours(1), Token).AsTask();

        await PublishAsync(Message("m1"));

        Ids(await waiting.WaitAsync(TimeSpan.FromSeconds(30), Token)).ShouldBe(["m1"]);
    }

    [Fact]
    public async Task Case_13_A_new_subscription_receives_what_is_published_from_then_on()
    {
        await PublishAsync(Message("before"));
        await Bus.SubscribeAsync("later", Token);
        await PublishAsync(Message("after"));
        await Bus.SubscribeAsync("later", Token);

        Ids(await ReceiveAsync("later")).ShouldBe(["after"]);
        Ids(await ReceiveAsync(First)).ShouldBe(["before", "after"]);
    }

    protected static BusMessage Message(string id, string key = "profile-1") =>
        new(id, key, "order.placed", Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}"""), new Dictionary<string, string> { ["source"] = "test" });

    protected async Task PublishAsync(params BusMessage[] messages) => await Bus.PublishAsync(messages, Token);

    protected Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string subscription, int limit = 100) => ReceiveAsync(Bus, subscription, limit);

    /// <summary>What is due, up to the limit. A bus may answer a part of it.</summary>
    private static async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(IChainBus bus, string subscription, int limit = 100)
    {
        var received = new List<ReceivedMessage>();
        while (received.Count < limit && await bus.ReceiveAsync(subscription, limit - received.Count, TimeSpan.Zero, Token) is { Count: > 0 } page)
            received.AddRange(page);
        return received;
    }

    protected async Task<IReadOnlyList<ReceivedMessage>> SettleAllAsync(string subscription)
    {
        var received = await ReceiveAsync(subscription);
        foreach (var message in received)
        {
            await Bus.CompleteAsync(message, Token);
        }

        return received;
    }

    protected static IEnumerable<string> Ids(IEnumerable<ReceivedMessage> messages) => messages.Select(message => message.Message.Id);
}
