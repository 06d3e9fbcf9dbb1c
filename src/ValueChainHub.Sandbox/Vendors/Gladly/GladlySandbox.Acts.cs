using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

public sealed partial class GladlySandbox
{
    public Outcome Apply(Act act)
    {
        if (act is not SupportAct)
            return Outcome.Nothing;
        lock (_gate)
        {
            return Remembered(act switch
            {
                SupportAsked one => Ask(one),
                SupportAnswered one => Answer(one),
                SupportClosed one => Close(one),
                SupportReopened one => Reopen(one),
                SupportTaskOpened one => Task(one, "TASK/CREATED"),
                SupportTaskClosed one => Task(one, "TASK/CLOSED"),
                SupportPreferenceChanged one => Prefer(one),
                SecondProfileMade one => Double(one),
                SecondProfileMerged one => Merge(one),
                SecondProfileDeleted one => Delete(one),
                _ => throw new NotSupportedException(act.GetType().Name),
            });
        }
    }

    private Outcome Ask(SupportAsked act)
    {
        var webhooks = new List<Webhook>();
        if (CustomerOf(act.Shopper, isSecond: false) is not { } customer)
            webhooks.Add(Introduce(customer = Add(act.Shopper, isSecond: false, act.At)));
        var conversation = new GladlyConversation(customer, act.Conversation, act.At);
        _conversations.Add((act.Shopper.Number, act.Conversation), conversation);
        conversation.Messages.Add((act.At, ByShopper: true));
        webhooks.Add(Changed("CONVERSATION/CREATED", conversation, act.At, customer, [.. conversation.Told()], CustomerResource(customer), ConversationResource(conversation)));
        webhooks.Add(Contact("CONTACT/STARTED", conversation, act.At, customer, CustomerResource(customer)));
        webhooks.Add(Contact("CONTACT/MESSAGE_RECEIVED", conversation, act.At, customer));
        return new([.. customer.Told(), .. conversation.Told()], webhooks);
    }

    private Outcome Answer(SupportAnswered act)
    {
        var conversation = Of(act);
        conversation.Messages.Add((act.At, ByShopper: false));
        var assigned = Changed("CONVERSATION_ASSIGNEE/UPDATED", conversation, act.At, null, [conversation.Known()]);
        conversation.HasAgent = true;
        return new([ContactAt(conversation, act.At)], [assigned, Contact("CONTACT/MESSAGE_SENT", conversation, act.At, null)]);
    }

    private Outcome Close(SupportClosed act)
    {
        var conversation = Of(act);
        conversation.ClosedAt = act.At;
        var closed = new ConversationFact(conversation.Id, conversation.Customer.Party, act.At, IsOpen: false);
        return new(
            [closed, ContactAt(conversation, act.At)],
            [Contact("CONTACT/ENDED", conversation, act.At, null), Changed("CONVERSATION/CLOSED", conversation, act.At, null, [closed], ConversationResource(conversation))]);
    }

    private Outcome Reopen(SupportReopened act)
    {
        var conversation = Of(act);
        var customer = conversation.Customer;
        conversation.ClosedAt = null;
        conversation.Messages.Add((act.At, ByShopper: true));
        var opened = new ConversationFact(conversation.Id, customer.Party, act.At, IsOpen: true);
        return new(
            [opened, ContactAt(conversation, act.At)],
            [
                Changed("CONVERSATION/REOPENED", conversation, act.At, customer, [opened], CustomerResource(customer), ConversationResource(conversation)),
                Contact("CONTACT/MESSAGE_RECEIVED", conversation, act.At, customer),
            ]);
    }

    /// <summary>What agents note down for themselves: no figure of the shopper's.</summary>
    private Outcome Task(ConversationAct act, string type)
    {
        var conversation = Of(act);
        var (customer, mention) = (conversation.Customer, new MentionFact(conversation.Customer.Party, act.At));
        IReadOnlyList<string> pointsAt = type == "TASK/CREATED" ? [CustomerResource(customer)] : [];
        return new([mention], [Make(type, conversation.TaskId, act.At, null, GladlyBodies.AboutTask(conversation), [mention], pointsAt)]);
    }

    private Outcome Prefer(SupportPreferenceChanged act)
    {
        var customer = Present(act.Shopper, isSecond: false);
        customer.MayText = act.MayText;
        return Changed(customer, act.At);
    }

    private Outcome Double(SecondProfileMade act)
    {
        var customer = Add(act.Shopper, isSecond: true, act.At);
        return new(customer.Told(), [Introduce(customer)]);
    }

    private Outcome Merge(SecondProfileMerged act)
    {
        var (kept, merged) = (Present(act.Shopper, isSecond: false), Present(act.Shopper, isSecond: true));
        (merged.MergedInto, merged.UpdatedAt, kept.UpdatedAt) = (kept, VendorDesk.After(merged.UpdatedAt, act.At), VendorDesk.After(kept.UpdatedAt, act.At));
        var webhook = Make("CUSTOMER/MERGED", merged.Id, act.At, null, GladlyBodies.AboutMerge(kept, merged), merged.Told(), CustomerResource(kept));
        return new([.. merged.Told(), .. kept.Told()], [webhook]);
    }

    private Outcome Delete(SecondProfileDeleted act)
    {
        var customer = Present(act.Shopper, isSecond: true);
        (customer.IsDeleted, customer.UpdatedAt) = (true, VendorDesk.After(customer.UpdatedAt, act.At));
        return new(customer.Told(), [About("CUSTOMER_PROFILE/DELETED", customer, act.At) with { Tells = customer.Told() }]);
    }

    private GladlyCustomer Add(Shopper shopper, bool isSecond, DateTimeOffset at)
    {
        var customer = new GladlyCustomer(shopper, isSecond, at);
        _customers.Add(customer);
        return customer;
    }

    private static Webhook Introduce(GladlyCustomer customer) => About("CUSTOMER_PROFILE/CREATED", customer, customer.CreatedAt, CustomerResource(customer));

    private static Webhook About(string type, GladlyCustomer customer, DateTimeOffset at, params IReadOnlyList<string> pointsAt) =>
        Make(type, customer.Id, at, null, GladlyBodies.About(customer), [new MentionFact(customer.Party, at)], pointsAt);

    private static Webhook Changed(string type, GladlyConversation conversation, DateTimeOffset at, GladlyCustomer? byShopper, IReadOnlyList<Fact> tells, params IReadOnlyList<string> pointsAt) =>
        Make(type, conversation.Id, at, byShopper, GladlyBodies.About(conversation), tells, pointsAt);

    private static Webhook Contact(string type, GladlyConversation conversation, DateTimeOffset at, GladlyCustomer? byShopper, params IReadOnlyList<string> pointsAt) =>
        Make(type, conversation.ContactId, at, byShopper, GladlyBodies.AboutContact(conversation), [conversation.Known(), ContactAt(conversation, at)], pointsAt);

    private static ContactFact ContactAt(GladlyConversation conversation, DateTimeOffset at) => new(conversation.Id, conversation.Customer.Party, at);

    private GladlyCustomer? CustomerOf(Shopper shopper, bool isSecond) => _customers.Find(one => one.Shopper.Number == shopper.Number && one.IsSecond == isSecond);

    private GladlyCustomer Present(Shopper shopper, bool isSecond) =>
        CustomerOf(shopper, isSecond) is { IsDeleted: false, MergedInto: null } customer ? customer : throw new InvalidOperationException($"Shopper {shopper.Number} has no such profile.");

    private GladlyConversation Of(ConversationAct act) => _conversations[(act.Shopper.Number, act.Conversation)];

    // How the API's endpoints and the hints name what they are about to the books.
    private static string CustomerResource(GladlyCustomer customer) => "customer/" + customer.Id;

    private static string ConversationResource(GladlyConversation conversation) => "conversation/" + conversation.Id;
}
