using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A shop is told tags and consent. It is where names and addresses are kept first, so it is told none.</summary>
public sealed partial class ShopifyConnector : ITakesConsent, ITakesTags
{
    private static readonly string[] Channels = ["email", "sms"];

    public bool CanWrite => _admin is not null;

    /// <summary>Only the address of an account has a state.</summary>
    public bool ConsentIsByAddress => false;

    public IReadOnlyList<string> ConsentChannels => Channels;

    public async Task<WriteOutcome> StateConsentAsync(ConsentToState consent, CancellationToken cancellationToken)
    {
        if (_admin is null)
            return Writes.NoKey;
        if (consent.To.AccountId is not { } account)
            return new WriteOutcome.Unneeded("the address is of no account of the shop");
        return Writes.Outcome(await _admin.SetConsentAsync(account, new Consent(consent.Channel, consent.Address, consent.Purpose, consent.State, consent.ActAt), cancellationToken));
    }

    public async Task<WriteOutcome> SetTagsAsync(TagsToSet tags, CancellationToken cancellationToken)
    {
        if (_admin is null)
            return Writes.NoKey;
        if (tags.To.AccountId is not { } account)
            return new WriteOutcome.Unneeded("the customer has no account at the shop");
        var removed = tags.Absent.Count == 0 ? null : await _admin.RemoveTagsAsync(account, tags.Absent, cancellationToken);
        return Writes.Outcome(removed ?? (tags.Present.Count == 0 ? null : await _admin.AddTagsAsync(account, tags.Present, cancellationToken, finishes: tags.Absent.Count > 0)));
    }
}
