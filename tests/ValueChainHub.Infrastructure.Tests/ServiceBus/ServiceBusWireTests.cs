using System.Text;
using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Infrastructure.Tests.ServiceBus;

/// <summary>How messages look on the wire, there and back; on the published classes, and where those are not to be had on stand-ins of the same names.</summary>
public sealed class ServiceBusWireTests
{
    private const string Subscription = "deliver-klaviyo";

    [Fact]
    public void A_message_arrives_as_it_was_sent()
    {
        var message = Message("e1", "profile-1");

        var received = Arrive(ServiceBusWire.Publication(message), deliveries: 1);

        (received.Subscription, received.DeliveryCount).ShouldBe((Subscription, 1));
        ShouldBeSame(received.Message, message);
    }

    [Fact]
    public void What_comes_again_to_one_subscription_arrives_under_its_own_id_and_counts_on()
    {
        var message = Message("e1", "profile-1");

        var again = ServiceBusWire.Repetition(message, Subscription, "3", deliveries: 3);
        var received = Arrive(again, deliveries: 1);

        (again.To, again.MessageId).ShouldBe((Subscription, "e1~deliver-klaviyo~3"), "under the old id the broker would drop it as a duplicate");
        received.DeliveryCount.ShouldBe(4);
        ShouldBeSame(received.Message, message);
    }

    [Fact]
    public void Names_that_are_longer_than_the_broker_takes_arrive_all_the_same()
    {
        var message = Message(new string('i', 300), new string('k', 300));

        var sent = ServiceBusWire.Publication(message);

        (sent.MessageId!.Length, sent.PartitionKey!.Length).ShouldBe((64, 64));
        ShouldBeSame(Arrive(sent, deliveries: 1).Message, message);
    }

    [Fact]
    public void An_event_is_a_CloudEvent_in_binary_mode()
    {
        var sent = ServiceBusWire.Publication(Message("e1", "profile-1"));

        (sent.MessageId, sent.Subject, sent.To, sent.ContentType).ShouldBe(("e1", "order.placed", ChainTopic.Everyone, "application/json"));
        sent.ApplicationProperties.ShouldBe([new("cloudEvents_source", "/connectors/shop"), new("cloudEvents_customerid", "c1")], ignoreOrder: true);
        sent.Body.ToString().ShouldBe("""{"number":"1001"}""");
    }

    [Fact]
    public void An_event_without_its_data_says_where_it_can_be_read()
    {
        var sent = ServiceBusWire.WithoutData(Message("e1", "profile-1"));

        sent.Body.ToMemory().IsEmpty.ShouldBeTrue();
        Arrive(sent, deliveries: 1).Message.Properties["dataref"].ShouldBe("/api/events#e1");
    }

    [Fact]
    public void What_somebody_else_sent_to_the_topic_is_empty_where_it_says_nothing()
    {
        var received = ServiceBusWire.Received(
            ServiceBusModelFactory.ServiceBusReceivedMessage(properties: new Dictionary<string, object> { ["hub_id"] = 5, ["hub_deliveries"] = "many", ["cloudEvents_time"] = DateTimeOffset.UnixEpoch }),
            Subscription);

        (received.Message.Id, received.Message.PartitionKey, received.Message.Type, received.Message.Body.Length).ShouldBe(("", "", "", 0));
        received.Message.Properties["time"].ShouldBe("");
    }

    private static ReceivedMessage Arrive(ServiceBusMessage sent, int deliveries) => ServiceBusWire.Received(
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: sent.Body, messageId: sent.MessageId, partitionKey: sent.PartitionKey, subject: sent.Subject, to: sent.To, contentType: sent.ContentType, properties: sent.ApplicationProperties,
            lockTokenGuid: Guid.NewGuid(), deliveryCount: deliveries),
        Subscription);

    private static void ShouldBeSame(BusMessage one, BusMessage other)
    {
        (one.Id, one.PartitionKey, one.Type).ShouldBe((other.Id, other.PartitionKey, other.Type));
        one.Body.ToArray().ShouldBe(other.Body.ToArray());
        one.Properties.ShouldBe(other.Properties, ignoreOrder: true);
    }

    private static BusMessage Message(string id, string key) => new(
        id, key, "order.placed", Encoding.UTF8.GetBytes("""{"number":"1001"}"""),
        new Dictionary<string, string> { ["source"] = "/connectors/shop", ["customerid"] = "c1", ["datacontenttype"] = "application/json" });
}
