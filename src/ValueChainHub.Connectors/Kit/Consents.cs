using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Consent and deliverability of an address, as registers of the account that says so (SEMANTICS 4).</summary>
internal static class Consents
{
    public const string Marketing = "marketing";

    /// <summary>
    /// One statement of consent. Only time and restrictiveness decide between two, whichever vendor and body carries them: the class of the source is the same for all.
    /// </summary>
    public static void State(TranslationDraft draft, EntityKey account, string channel, Identifier address, string purpose, string state, DateTimeOffset? actAt)
    {
        var rank = state switch { "denied" => 3, "pending" => 2, _ => 1 };
        var consent = new Consent(channel, address.Value, purpose, state, actAt);
        var json = draft.Write(account, Homing.Account, FacetNames.Consent(channel, address.Value, purpose), new(actAt, SourceClass.Webhook, rank), consent);
        draft.Tell(EventCatalogue.ConsentChanged, account, actAt, json);
    }

    /// <summary>The address has a trouble since then, or has it no more. At equal times it has it.</summary>
    public static void Deliver(TranslationDraft draft, EntityKey account, string channel, Identifier address, string trouble, bool isOver, DateTimeOffset? at)
    {
        var state = isOver ? DeliverabilityStates.Ok : trouble;
        var version = new FacetVersion(at, SourceClass.Webhook, DeliverabilityStates.Rank(state));
        draft.Write(account, Homing.Account, FacetNames.Deliverability(channel, address.Value, trouble), version, new Deliverability(channel, address.Value, state, at));
    }
}
