using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The same journeys with <c>Hub__Store=cosmos</c>: the share of the suite that every run has on Cosmos, beside <see cref="CosmosTests"/>.</summary>
public sealed class JourneyOnCosmosTests : JourneyTests
{
    private protected override RunningHub NewHub() => new() { Store = new() { MustBeCosmos = true } };
}
