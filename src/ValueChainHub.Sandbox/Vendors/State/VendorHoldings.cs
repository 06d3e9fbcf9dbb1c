namespace ValueChainHub.Sandbox.Vendors.State;

/// <summary>What a vendor holds now, field by field: to be compared with what the others hold.</summary>
/// <param name="Accounts">Customers or profiles. Of seeded ones only those that were changed since.</param>
/// <param name="Tasks">What people there are to do.</param>
/// <param name="Events">What was appended by programs.</param>
public sealed record VendorHoldings(IReadOnlyList<HeldAccount> Accounts, IReadOnlyList<HeldTask> Tasks, IReadOnlyList<HeldEvent> Events)
{
    public static VendorHoldings None { get; } = new([], [], []);

    public HeldAccount? ByEmail(string email) => Accounts.FirstOrDefault(account => account.Emails.Contains(email, StringComparer.OrdinalIgnoreCase));
}

/// <summary>One customer as the vendor has it.</summary>
/// <param name="Id">As the vendor's webhooks spell it.</param>
/// <param name="Shopper">Which shopper of the story it is.</param>
/// <param name="Attributes">The vendor's own and the brand's, as text.</param>
/// <param name="ChangedAt">When it was last changed, by the vendor's clock.</param>
public sealed record HeldAccount(
    string Id, int Shopper, string? Name, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones, IReadOnlyList<string> Tags, IReadOnlyList<HeldConsent> Consents,
    IReadOnlyDictionary<string, string> Attributes, DateTimeOffset ChangedAt);

/// <summary>Whether an address may be written to.</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c>.</param>
/// <param name="State"><c>granted</c>, <c>denied</c>, <c>pending</c>.</param>
/// <param name="At">When the person said so, as the vendor has it.</param>
public sealed record HeldConsent(string Channel, string Address, string State, DateTimeOffset At);

public sealed record HeldTask(string Id, string Account, string Text, DateTimeOffset DueAt);

/// <param name="UniqueId">The writer's own id of it.</param>
/// <param name="Properties">As JSON.</param>
public sealed record HeldEvent(string UniqueId, string Metric, string Account, DateTimeOffset At, string Properties);
