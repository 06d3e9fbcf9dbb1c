using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Delivery;

/// <summary>A destination that can be asked what it holds of a customer: what drift is measured by.</summary>
/// <remarks>Every call goes through the connector's <see cref="ICallingConnector.Line"/>. Never throws but for cancellation; no outcome quotes personal data or a secret but what is held.</remarks>
public interface IShowsCustomers : IDestination
{
    /// <summary>Reads an account, by <see cref="Recipient.AccountId"/> when it is known, else by e-mail, else by phone. One call, or two where an account was merged.</summary>
    Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken);
}

/// <summary>A destination that keeps facts and can be given back what it held before a repair.</summary>
public interface IRestoresFacts : IShowsCustomers
{
    /// <summary>Writes a name and facts as they were; a fact that is null is taken away, a name that is null stays.</summary>
    Task<WriteOutcome> RestoreAsync(Recipient to, string? name, IReadOnlyDictionary<string, string?> facts, CancellationToken cancellationToken);
}

/// <summary>What a destination holds for one account.</summary>
public sealed record HeldCustomer
{
    public string? Name { get; init; }

    /// <summary>As the vendor has it; the hub compares it normalised.</summary>
    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>The account's attributes with text for a value, whoever owns them.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>All its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Marketing consent of the account's addresses; none where the vendor makes no statement.</summary>
    public IReadOnlyList<Consent> Consents { get; init; } = [];
}

/// <summary>What came of reading an account.</summary>
public abstract record HeldOutcome
{
    private HeldOutcome() { }

    public sealed record Held(HeldCustomer Customer) : HeldOutcome;

    /// <summary>The destination has nobody of that id or address.</summary>
    public sealed record Nobody : HeldOutcome;

    /// <summary>No answer to use. The kind alone decides whether to try again.</summary>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null) : HeldOutcome;
}
