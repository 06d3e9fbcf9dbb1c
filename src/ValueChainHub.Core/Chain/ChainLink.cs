namespace ValueChainHub.Core.Chain;

/// <summary>A link of the value chain: the second word of an event type.</summary>
public enum ChainLink
{
    Identity,
    Marketing,
    Storefront,
    Fulfillment,
    Service,
    Content,
    Social,
    Innovation,
}
