using Microsoft.Azure.Cosmos;
using ValueChainHub.Testing;

namespace ValueChainHub.CosmosWire.Tests;

/// <summary>A server of its own, the real SDK in front of it, and one container with time to live switched on.</summary>
public abstract class WireTest : IAsyncLifetime
{
    protected WireTest() => Time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private protected ManualTime Time { get; }

    private protected CosmosWireServer Server { get; private set; } = null!;

    private protected CosmosClient Client { get; private set; } = null!;

    private protected Container Items { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>False where a test means to ask for what the server does not do.</summary>
    private protected bool MayNotViolate { get; set; } = true;

    public virtual async ValueTask InitializeAsync()
    {
        Server = await CosmosWireServer.StartAsync(new() { Time = Time }, Cancellation);
        Client = new CosmosClient(Server.ConnectionString, Gateway());
        Database database = await Client.CreateDatabaseIfNotExistsAsync("hub", cancellationToken: Cancellation);
        Items = await database.CreateContainerIfNotExistsAsync(new ContainerProperties("items", "/pk") { DefaultTimeToLive = -1 }, cancellationToken: Cancellation);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
        if (MayNotViolate)
            Server.ThrowOnViolations();
    }

    /// <summary>No retries of the SDK's own, so that a test sees each answer.</summary>
    private protected static CosmosClientOptions Gateway() => new()
    {
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
        MaxRetryAttemptsOnRateLimitedRequests = 0,
        UseSystemTextJsonSerializerWithOptions = new(System.Text.Json.JsonSerializerDefaults.Web),
    };

    private protected Task<ItemResponse<Row>> CreateAsync(Row row) => Items.CreateItemAsync(row, new PartitionKey(row.Pk), cancellationToken: Cancellation);

    private protected static async Task<CosmosException> RefusedAsync(Func<Task> act) => await act.ShouldThrowAsync<CosmosException>();
}

/// <summary>An item of these tests.</summary>
public sealed record Row(string Id, string Pk, int N = 0, string? Text = null, int? Ttl = null)
{
    /// <summary>Without it a null would be sent, which the service refuses.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public int? Ttl { get; init; } = Ttl;
}
