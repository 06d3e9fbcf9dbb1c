using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class ContainerTests : WireTest
{
    [Fact]
    public async Task A_container_is_read_back_as_it_was_defined()
    {
        var properties = new ContainerProperties("other", "/pk") { DefaultTimeToLive = 60 };
        properties.IndexingPolicy.ExcludedPaths.Add(new ExcludedPath { Path = "/body/*" });
        await Client.GetDatabase("hub").CreateContainerAsync(properties, cancellationToken: Cancellation);

        ContainerProperties read = await Client.GetContainer("hub", "other").ReadContainerAsync(cancellationToken: Cancellation);

        read.PartitionKeyPath.ShouldBe("/pk");
        read.PartitionKeyDefinitionVersion.ShouldBe(PartitionKeyDefinitionVersion.V2);
        read.DefaultTimeToLive.ShouldBe(60);
        read.IndexingPolicy.ExcludedPaths.ShouldContain(path => path.Path == "/body/*");
    }

    [Fact]
    public async Task A_container_is_replaced_and_deleted()
    {
        await Items.ReplaceContainerAsync(new ContainerProperties("items", "/pk") { DefaultTimeToLive = 5 }, cancellationToken: Cancellation);
        ContainerProperties read = await Items.ReadContainerAsync(cancellationToken: Cancellation);
        await Items.DeleteContainerAsync(cancellationToken: Cancellation);

        read.DefaultTimeToLive.ShouldBe(5);
        (await RefusedAsync(() => Items.ReadContainerAsync(cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_second_database_or_container_of_the_same_name_is_a_conflict()
    {
        (await RefusedAsync(() => Client.CreateDatabaseAsync("hub", cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await RefusedAsync(() => Client.GetDatabase("hub").CreateContainerAsync("items", "/pk", cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_item_of_a_missing_container_is_not_found_with_the_owners_substatus()
    {
        var missing = await RefusedAsync(() => Client.GetContainer("hub", "nowhere").ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation));

        (missing.StatusCode, missing.SubStatusCode).ShouldBe((HttpStatusCode.NotFound, 1003));
    }

    [Fact]
    public async Task Every_container_has_four_ranges() =>
        (await Items.GetFeedRangesAsync(Cancellation)).Count.ShouldBe(4);

    [Fact]
    public async Task What_the_server_does_not_do_fails_aloud_and_is_remembered()
    {
        MayNotViolate = false;

        (await RefusedAsync(() => Items.ReadThroughputAsync(new(), Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotImplemented);

        Server.Violations.ShouldHaveSingleItem().ShouldContain("offers");
        Should.Throw<InvalidOperationException>(Server.ThrowOnViolations);
    }
}
