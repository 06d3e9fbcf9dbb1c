using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Delivery;

/// <summary>A connector whose vendor can be written to. What it can take are the small interfaces below; a vendor implements what it has.</summary>
/// <remarks>
/// The contract of every write:
/// 1. It may be called again with the same input, after a crash or a lost answer, and the vendor holds the same as after one call. Where the vendor has an idempotency key, the input's key is it;
///    where it has none, the destination looks before it adds.
/// 2. It never throws but for cancellation: what went wrong is an outcome with a kind, and the kind alone decides what is done.
/// 3. Every call goes through the connector's <see cref="ICallingConnector.Line"/>, which it shares with fetches and polls.
/// 4. No outcome quotes personal data or a secret.
/// </remarks>
public interface IDestination : ICallingConnector
{
    /// <summary>False without API credentials: then nothing is routed to it.</summary>
    bool CanWrite { get; }
}

/// <summary>A destination that keeps customers: it is told the present state, never what changed.</summary>
public interface ITakesCustomers : IDestination
{
    /// <summary>What of the state it has a place for; the rest of the input is null, and its changes cause no call.</summary>
    CustomerParts Parts { get; }

    /// <summary>Writes the state. Without <see cref="Recipient.AccountId"/> it is an upsert by e-mail, else phone; it comes without one only to a route that creates.</summary>
    Task<WriteOutcome> UpsertAsync(CustomerState state, CancellationToken cancellationToken);
}

/// <summary>A destination that keeps events of a customer, each once by its key.</summary>
public interface ITakesEvents : IDestination
{
    Task<WriteOutcome> AppendAsync(EventToAppend append, CancellationToken cancellationToken);
}

/// <summary>A destination whose people can be given something to do, once by its key.</summary>
public interface ITakesTasks : IDestination
{
    Task<WriteOutcome> OpenTaskAsync(TaskToOpen task, CancellationToken cancellationToken);
}

/// <summary>A destination that keeps consent.</summary>
public interface ITakesConsent : IDestination
{
    /// <summary>True when it keeps consent by address; false when only the address of an existing account can have one.</summary>
    bool ConsentIsByAddress { get; }

    /// <summary>The channels it keeps consent for: <c>email</c>, <c>sms</c>, <c>whatsapp</c>.</summary>
    IReadOnlyList<string> ConsentChannels { get; }

    /// <summary>
    /// States the consent of this one address, with the time of the act where the vendor takes one. A grant is written as history: nobody is mailed to confirm what they already said.
    /// </summary>
    Task<WriteOutcome> StateConsentAsync(ConsentToState consent, CancellationToken cancellationToken);
}

/// <summary>A destination whose customers carry tags.</summary>
public interface ITakesTags : IDestination
{
    /// <summary>Adds those that shall be there and removes those that shall not; every other tag is somebody else's.</summary>
    Task<WriteOutcome> SetTagsAsync(TagsToSet tags, CancellationToken cancellationToken);
}

/// <summary>The parts of a customer's state.</summary>
[Flags]
public enum CustomerParts
{
    None = 0,

    /// <summary>Name, e-mail, phone.</summary>
    Contact = 1,

    /// <summary>Orders and their value.</summary>
    Storefront = 2,

    /// <summary>Parcels, and the last one.</summary>
    Fulfillment = 4,

    /// <summary>Conversations with support.</summary>
    Service = 8,
}
