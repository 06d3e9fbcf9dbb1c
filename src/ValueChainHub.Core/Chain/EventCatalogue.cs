using System.Text.Json;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Chain;

/// <summary>A type of chain event.</summary>
/// <param name="Name"><c>valuechain.{link}.{entity}.{verb}</c>.</param>
/// <param name="Data">The canonical record in <c>data</c>.</param>
/// <param name="Summary">One line for people; <c>{member}</c> is replaced from the data.</param>
public sealed record EventType(string Name, Type Data, string Summary)
{
    /// <summary>The second word of the name.</summary>
    public string Link => Name.Split('.')[1];

    /// <summary>The summary of one event: members that are missing leave their place empty.</summary>
    public string Summarize(JsonElement data)
    {
        var text = Summary;
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open))
        {
            var close = text.IndexOf('}', open);
            var value = data.TryGetProperty(text[(open + 1)..close], out var member) ? member.ToString().Replace('{', '(') : "";
            text = text[..open] + value + text[(close + 1)..];
            open += value.Length;
            if (open >= text.Length)
                break;
        }
        return text.Replace("  ", " ", StringComparison.Ordinal).Trim();
    }
}

/// <summary>Every type of event the hub emits. The HTTP catalogue and AsyncAPI are generated from it.</summary>
public static class EventCatalogue
{
    public const string AccountCreated = "valuechain.storefront.customer.created";
    public const string AccountUpdated = "valuechain.storefront.customer.updated";
    public const string AccountDeleted = "valuechain.storefront.customer.deleted";
    public const string AccountTagged = "valuechain.storefront.customer.tagged";
    public const string AccountsMerged = "valuechain.storefront.customer.merged";
    public const string MarketingAccountUpdated = "valuechain.marketing.customer.updated";
    public const string ConsentChanged = "valuechain.marketing.consent.changed";
    public const string MessageReceived = "valuechain.marketing.message.received";
    public const string MessageOpened = "valuechain.marketing.message.opened";
    public const string MessageClicked = "valuechain.marketing.message.clicked";
    public const string MessageBounced = "valuechain.marketing.message.bounced";
    public const string MessageFailed = "valuechain.marketing.message.failed";
    public const string MessageComplained = "valuechain.marketing.message.complained";
    public const string OrderPlaced = "valuechain.storefront.order.placed";
    public const string OrderUpdated = "valuechain.storefront.order.updated";
    public const string OrderPaid = "valuechain.storefront.order.paid";
    public const string OrderFulfilled = "valuechain.storefront.order.fulfilled";
    public const string OrderCancelled = "valuechain.storefront.order.cancelled";
    public const string OrderEdited = "valuechain.storefront.order.edited";
    public const string OrderDeleted = "valuechain.storefront.order.deleted";
    public const string OrderRefunded = "valuechain.storefront.order.refunded";
    public const string ReturnChanged = "valuechain.storefront.return.changed";
    public const string DisputeChanged = "valuechain.storefront.dispute.changed";
    public const string CheckoutStarted = "valuechain.storefront.checkout.started";
    public const string CheckoutUpdated = "valuechain.storefront.checkout.updated";
    public const string CheckoutDeleted = "valuechain.storefront.checkout.deleted";
    public const string CartUpdated = "valuechain.storefront.cart.updated";
    public const string ProductChanged = "valuechain.storefront.product.changed";
    public const string ProductDeleted = "valuechain.storefront.product.deleted";
    public const string StockChanged = "valuechain.storefront.stock.changed";
    public const string ShopDisconnected = "valuechain.storefront.shop.disconnected";
    public const string PrivacyRequested = "valuechain.identity.privacy.requested";
    public const string ParcelShipped = "valuechain.fulfillment.parcel.shipped";
    public const string ParcelMoved = "valuechain.fulfillment.parcel.moved";
    public const string ParcelDelivered = "valuechain.fulfillment.parcel.delivered";
    public const string ParcelFailed = "valuechain.fulfillment.parcel.failed";
    public const string LabelChanged = "valuechain.fulfillment.label.changed";
    public const string FulfillmentHinted = "valuechain.fulfillment.resource.hinted";
    public const string ShipmentChanged = "valuechain.fulfillment.shipment.changed";

    public const string ServiceAccountCreated = "valuechain.service.customer.created";
    public const string ServiceAccountUpdated = "valuechain.service.customer.updated";
    public const string ServiceAccountDeleted = "valuechain.service.customer.deleted";
    public const string ServiceAccountsMerged = "valuechain.service.customer.merged";
    public const string ConversationOpened = "valuechain.service.conversation.opened";
    public const string ConversationClosed = "valuechain.service.conversation.closed";
    public const string ConversationReopened = "valuechain.service.conversation.reopened";
    public const string ConversationUpdated = "valuechain.service.conversation.updated";
    public const string ContactStarted = "valuechain.service.contact.started";
    public const string ContactEnded = "valuechain.service.contact.ended";
    public const string ContactReceived = "valuechain.service.contact.received";
    public const string ContactSent = "valuechain.service.contact.sent";
    public const string ContactUpdated = "valuechain.service.contact.updated";
    public const string TaskCreated = "valuechain.service.task.created";
    public const string TaskClosed = "valuechain.service.task.closed";
    public const string TaskReopened = "valuechain.service.task.reopened";
    public const string TaskUpdated = "valuechain.service.task.updated";

    public const string CustomerLinked = "valuechain.identity.customer.linked";
    public const string CustomerMerged = "valuechain.identity.customer.merged";
    public const string CustomerSplit = "valuechain.identity.customer.split";

    public static IReadOnlyList<EventType> All { get; } =
    [
        new(AccountCreated, typeof(Account), "Account created"),
        new(AccountUpdated, typeof(Account), "Account updated"),
        new(AccountDeleted, typeof(Deleted), "Account deleted"),
        new(AccountTagged, typeof(AccountTag), "Tag {tag} changed"),
        new(AccountsMerged, typeof(AccountMerge), "Accounts merged at the storefront: {status}"),
        new(MarketingAccountUpdated, typeof(Account), "Marketing profile updated"),
        new(ConsentChanged, typeof(Consent), "Consent to {purpose} by {channel}: {state}"),
        new(MessageReceived, typeof(Message), "Message by {channel} received {campaign}"),
        new(MessageOpened, typeof(Message), "Message by {channel} opened {campaign}"),
        new(MessageClicked, typeof(Message), "Message by {channel} clicked {campaign}"),
        new(MessageBounced, typeof(Message), "Message by {channel} bounced {reason}"),
        new(MessageFailed, typeof(Message), "Message by {channel} not delivered {reason}"),
        new(MessageComplained, typeof(Message), "Message by {channel} marked as spam"),
        new(OrderPlaced, typeof(Order), "Order {number} placed"),
        new(OrderUpdated, typeof(Order), "Order {number} updated"),
        new(OrderPaid, typeof(Order), "Order {number} paid"),
        new(OrderFulfilled, typeof(Order), "Order {number} fulfilled"),
        new(OrderCancelled, typeof(Order), "Order {number} cancelled"),
        new(OrderEdited, typeof(OrderEdit), "Order edited"),
        new(OrderDeleted, typeof(Deleted), "Order deleted"),
        new(OrderRefunded, typeof(Refund), "Refund on an order"),
        new(ReturnChanged, typeof(OrderReturn), "Return {status}"),
        new(DisputeChanged, typeof(Dispute), "Dispute {status}"),
        new(CheckoutStarted, typeof(Checkout), "Checkout started"),
        new(CheckoutUpdated, typeof(Checkout), "Checkout updated"),
        new(CheckoutDeleted, typeof(Deleted), "Checkout deleted"),
        new(CartUpdated, typeof(Checkout), "Cart changed"),
        new(ProductChanged, typeof(Product), "Product {title} changed"),
        new(ProductDeleted, typeof(Deleted), "Product deleted"),
        new(StockChanged, typeof(Stock), "Stock of {itemId}: {available}"),
        new(ShopDisconnected, typeof(Shop), "The shop removed the app"),
        new(PrivacyRequested, typeof(PrivacyRequest), "Privacy request: {kind}"),
        new(CustomerLinked, typeof(IdentityChange), "Belongs to a customer now known"),
        new(CustomerMerged, typeof(IdentityChange), "Two customers turned out to be one"),
        new(CustomerSplit, typeof(IdentityChange), "A profile was split off"),
        new(ParcelShipped, typeof(Fulfillment), "Parcel {status}"),
        new(ParcelMoved, typeof(ParcelMilestone), "Parcel {status}"),
        new(ParcelDelivered, typeof(ParcelMilestone), "Parcel delivered"),
        new(ParcelFailed, typeof(ParcelMilestone), "Parcel: {status}"),
        new(ServiceAccountCreated, typeof(Account), "Support profile created"),
        new(ServiceAccountUpdated, typeof(Account), "Support profile updated"),
        new(ServiceAccountDeleted, typeof(Deleted), "Support profile deleted"),
        new(ServiceAccountsMerged, typeof(AccountMerge), "Support profiles merged"),
        new(ConversationOpened, typeof(Conversation), "Conversation opened"),
        new(ConversationClosed, typeof(Conversation), "Conversation closed"),
        new(ConversationReopened, typeof(Conversation), "Conversation reopened"),
        new(ConversationUpdated, typeof(Conversation), "Conversation updated {change}"),
        new(ContactStarted, typeof(Contact), "Contact with support started"),
        new(ContactEnded, typeof(Contact), "Contact with support ended"),
        new(ContactReceived, typeof(Contact), "Message to support"),
        new(ContactSent, typeof(Contact), "Message from support"),
        new(ContactUpdated, typeof(Contact), "Contact with support: {state}"),
        new(TaskCreated, typeof(ServiceTask), "Task for support created"),
        new(TaskClosed, typeof(ServiceTask), "Task for support closed"),
        new(TaskReopened, typeof(ServiceTask), "Task for support reopened"),
        new(TaskUpdated, typeof(ServiceTask), "Task for support updated {change}"),
        new(LabelChanged, typeof(ShippingLabel), "Label {status}, {carrier}"),
        new(FulfillmentHinted, typeof(ChangeHint), "Something changed: {kind} {id}"),
        new(ShipmentChanged, typeof(Shipment), "Shipment {number} {status}"),
    ];

    private static readonly Dictionary<string, EventType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static EventType? Find(string name) => ByName.GetValueOrDefault(name);
}
