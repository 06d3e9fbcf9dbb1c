using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Identity;
using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The hub's items in one database of a Cosmos DB account.</summary>
public sealed class CosmosHub : IAsyncDisposable
{
    private readonly CosmosClient _client;

    private readonly IReadOnlyCollection<FeedWatch> _watches;

    private CosmosHub(CosmosClient client, CosmosHubStore store, StoreBill bill, IReadOnlyCollection<FeedWatch> watches) =>
        (_client, Store, Bill, _watches) = (client, store, bill, watches);

    public IHubStore Store { get; }

    /// <summary>What the account charged for the calls of this process.</summary>
    public StoreBill Bill { get; }

    /// <summary>Opens the database, and makes it and its containers if that is asked for.</summary>
    /// <exception cref="InvalidOperationException">A container is missing or is not what the hub needs; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">The account does not answer.</exception>
    public static async Task<CosmosHub> OpenAsync(CosmosHubOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var bill = new StoreBill();
        var client = Client(options, bill);
        WatchMeter.LeaveOut();
        try
        {
            var database = options.CreateContainers ? (await client.CreateDatabaseIfNotExistsAsync(options.Database, cancellationToken: cancellationToken)).Database : client.GetDatabase(options.Database);
            var containers = new Dictionary<string, CosmosContainer>(StringComparer.Ordinal);
            foreach (var name in HubContainers.All)
                containers[name] = await OpenAsync(database, name, options.CreateContainers, cancellationToken);
            var leases = options.CreateContainers ? (await database.CreateContainerIfNotExistsAsync(CosmosContainers.LeaseProperties, cancellationToken: cancellationToken)).Container : database.GetContainer(CosmosContainers.Leases);
            var feeds = containers.ToDictionary(one => one.Key, one => FeedOf(one.Value.Container), StringComparer.Ordinal);
            return new CosmosHub(client, new CosmosHubStore(containers, new CosmosCalls(options.CallTimeout, bill), feeds, time), bill, [.. feeds.Values.Select(feed => feed.Watch)]);

            CosmosFeed FeedOf(Container container)
            {
                var signal = new FeedSignal();
                return new(signal, new FeedWatch(container, leases, options.PollPeriod, signal, time));
            }
        }
        catch (Exception fault)
        {
            client.Dispose();
            throw CosmosFault.Is(fault) ? CosmosFault.Of(fault, isWrite: false) : fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_watches.Select(watch => watch.StopAsync().AsTask()));
        _client.Dispose();
    }

    private static async Task<CosmosContainer> OpenAsync(Database database, string name, bool create, CancellationToken cancellationToken)
    {
        try
        {
            var response = create
                ? await database.CreateContainerIfNotExistsAsync(CosmosContainers.Properties(name), cancellationToken: cancellationToken)
                : await database.GetContainer(name).ReadContainerAsync(cancellationToken: cancellationToken);
            var found = response.Resource;
            if (found.PartitionKeyPath != HubContainers.PartitionKeyPath || found.DefaultTimeToLive is null)
                throw new InvalidOperationException($"The container '{name}' needs the partition key {HubContainers.PartitionKeyPath} and time to live switched on without a default.");
            return new(response.Container, ResourceOf(database.Client.Endpoint, found.SelfLink));
        }
        catch (CosmosException fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InvalidOperationException($"The database '{database.Id}' has no container '{name}'. Deploy the infrastructure, or let the hub make its containers.", fault);
        }
    }

    /// <summary>Resource ids are told apart within an account; two emulators may give the same.</summary>
    private static string ResourceOf(Uri account, string link) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Authority}/{link}")).AsSpan(0, 8));

    /// <summary>Emulators answer on this machine and in gateway mode only; in Azure the SDK goes to the replicas directly.</summary>
    private static CosmosClient Client(CosmosHubOptions options, StoreBill bill)
    {
        var settings = new CosmosClientOptions
        {
            ApplicationName = "ValueChainHub",
            EnableContentResponseOnWrite = false,
            MaxRetryAttemptsOnRateLimitedRequests = 5,
            MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(5),
            UseSystemTextJsonSerializerWithOptions = new(),
            CustomHandlers = { new WatchMeter(bill) },
        };
        if (EndpointOf(options).IsLoopback)
            (settings.ConnectionMode, settings.LimitToEndpoint) = (ConnectionMode.Gateway, true);
        options.Configure?.Invoke(settings);
        return options.ConnectionString is { } connection
            ? new CosmosClient(connection, settings)
            : new CosmosClient(options.Endpoint!.AbsoluteUri, new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ClientId ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID") }), settings);
    }

    private static Uri EndpointOf(CosmosHubOptions options)
    {
        if (options.ConnectionString is not { } connection)
            return options.Endpoint ?? throw new InvalidOperationException("Cosmos DB needs an endpoint or a connection string.");
        var endpoint = connection.Split(';').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0].Trim().Equals("AccountEndpoint", StringComparison.OrdinalIgnoreCase));
        return endpoint is [_, var value] && Uri.TryCreate(value, UriKind.Absolute, out var uri) ? uri : throw new InvalidOperationException("The connection string names no AccountEndpoint.");
    }
}

/// <summary>Who wakes those that wait for a container's changes.</summary>
internal sealed record CosmosFeed(FeedSignal Signal, FeedWatch Watch);

/// <summary>A container, and the resource that it is: one that was made anew under its name is another.</summary>
internal sealed record CosmosContainer(Container Container, string Resource);
