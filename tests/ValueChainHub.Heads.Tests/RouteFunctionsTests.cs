using System.Text;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Core.Chain;
using ValueChainHub.Functions;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Heads.Tests;

/// <summary>Messages that the platform pushes: what returns is completed, what throws comes again.</summary>
public sealed class RouteFunctionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_routed_to_the_destination_of_the_triggers_number()
    {
        await using var server = await StartAsync();

        await Functions(server).RouteEvents2(Event("e1", "c1"), Token);

        (await PendingAsync(server)).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_told_once()
    {
        await using var server = await StartAsync();

        await Functions(server).RouteEvents2(Event("e1", "c1"), Token);
        await Functions(server).RouteEvents2(Event("e1", "c1", deliveries: 2), Token);

        (await PendingAsync(server)).ShouldBe(1);
    }

    [Fact]
    public async Task A_trigger_without_a_destination_and_a_message_of_somebody_else_are_done_with()
    {
        await using var server = await StartAsync();

        await Functions(server).RouteEvents3(Event("e1", "c1"), Token);
        await Functions(server).RouteEvents2(ServiceBusModelFactory.ServiceBusReceivedMessage(properties: new Dictionary<string, object> { ["hub_id"] = 5, ["hub_deliveries"] = "many" }), Token);

        (await PendingAsync(server)).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_goes_back_after_a_pause_while_the_store_is_away_and_nothing_of_it_is_lost()
    {
        await using var server = await StartAsync();
        server.Store.IsOff = true;

        var given = Functions(server).RouteEvents2(Event("e1", "c1"), Token);
        await Task.WhenAny(given, Task.Delay(TimeSpan.FromMilliseconds(300), Token));
        given.IsCompleted.ShouldBeFalse("it does not come back at once");
        await Should.ThrowAsync<EventReturnedException>(() => given);
        server.Store.IsOff = false;
        await Functions(server).RouteEvents2(Event("e1", "c1", deliveries: 2), Token);

        (await PendingAsync(server)).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000, 60)]
    public void The_pause_grows_to_a_minute(int deliveries, int seconds) => PushedEvents.PauseAfter(deliveries).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task A_function_that_is_cut_off_in_its_pause_gives_its_message_back()
    {
        await using var server = await StartAsync();
        server.Store.IsOff = true;
        using var cutOff = new CancellationTokenSource();
        await cutOff.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Functions(server).RouteEvents2(Event("e1", "c1"), cutOff.Token));
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        "--Connectors:shopify:ApiKey=an-api-key", "--Hub:WriteBack=true", "--Hub:Destinations:1=other", "--Hub:Destinations:2=shopify",
        "--AzureWebJobs:RouteEvents:Disabled=true", "--AzureWebJobs:Sweep:Disabled=true", "--AzureWebJobs:RunDueWork:Disabled=true");

    private static RouteFunctions Functions(RunningServer server) => new(server.App.Services.GetRequiredService<PushedEvents>());

    private static async Task<int> PendingAsync(RunningServer server) =>
        (await server.JsonAsync("/api/operations/ledger", key: TableServer.ReaderKey)).GetProperty("deliveries").GetProperty("shopify").GetProperty("pending").GetInt32();

    private static ServiceBusReceivedMessage Event(string id, string customer, int deliveries = 1) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromBytes(Encoding.UTF8.GetBytes("{}")),
        messageId: id,
        partitionKey: "profile",
        subject: EventCatalogue.AccountUpdated,
        properties: new Dictionary<string, object> { ["cloudEvents_source"] = "/connectors/mail", ["cloudEvents_customerid"] = customer, ["cloudEvents_origin"] = "live" },
        lockTokenGuid: Guid.NewGuid(),
        deliveryCount: deliveries);
}
