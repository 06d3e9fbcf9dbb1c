using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Reconciliations that cannot be begun, each with its reason.</summary>
public sealed class ReconciliationRefusalTests : EndToEndTest
{
    [Fact]
    public async Task A_connector_that_nobody_configured_is_not_found() =>
        (await Client.PostAsync("reconciliations/nobody", null)).ShouldBeProblem(404);

    [Fact]
    public async Task A_connector_without_credentials_cannot_be_walked() =>
        (await Client.PostAsync("reconciliations/" + Webhook.Shop, new { from = "beginning" })).ShouldBeProblem(409);

    [Theory]
    [InlineData("""{"from":"end"}""")]
    [InlineData("""{"from":"beginning","since":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"since":"yesterday"}""")]
    public async Task A_body_that_asks_for_neither_a_backfill_nor_a_time_is_refused(string body) =>
        (await Client.PostAsync("reconciliations/" + Webhook.Shop, body)).ShouldBeProblem(400);

    [Fact]
    public async Task Readers_see_what_was_and_begin_nothing()
    {
        (await Client.GetAsync("reconciliations?kind=backfill")).Status.ShouldBe(200);
        (await Client.GetAsync("reconciliations?kind=drift")).Status.ShouldBe(400);
        (await Client.PostAsync("reconciliations/" + Webhook.Shop, null, HubSecrets.ReaderKey)).Status.ShouldBe(403);
    }
}
