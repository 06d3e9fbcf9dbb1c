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

    private CosmosHub(CosmosClient client, IHubStore store, StoreBill bill) => (_client, Store, Bill) = (client, store, bill);

    public IHubStore Store { get; }

    /// <summary>What the account charged for the calls of this process.</summary>
    public StoreBill Bill { get; }

    /// <summary>Opens the database, and makes it and its containers if that is asked for.</summary>
    /// <exception cref="InvalidOperationException">A container is missing or is not what the hub needs; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">The account does not answer.</exception>
    public static async Task<CosmosHub> OpenAsync(CosmosHubOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = Client(options);
        try
        {
            var database = options.CreateContainers ? (await client.CreateDatabaseIfNotExistsAsync(options.Database, cancellationToken: cancellationToken)).Database : client.GetDatabase(options.Database);
            var containers = new Dictionary<string, CosmosContainer>(StringComparer.Ordinal);
            foreach (var name in HubContainers.All)
                containers[name] = await OpenAsync(database, name, options.CreateContainers, cancellationToken);
            var bill = new StoreBill();
            return new CosmosHub(client, new CosmosHubStore(containers, new CosmosCalls(options.CallTimeout, bill), options.PollPeriod, time), bill);
        }
        catch (Exception fault)
        {
            client.Dispose();
            throw CosmosFault.Is(fault) ? CosmosFault.Of(fault, isWrite: false) : fault;
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
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
    private static CosmosClient Client(CosmosHubOptions options)
    {
        var settings = new CosmosClientOptions
        {
            ApplicationName = "ValueChainHub",
            EnableContentResponseOnWrite = false,
            MaxRetryAttemptsOnRateLimitedRequests = 5,
            MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(5),
            UseSystemTextJsonSerializerWithOptions = new(),
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

/// <summary>A container, and the resource that it is: one that was made anew under its name is another.</summary>
internal sealed record CosmosContainer(Container Container, string Resource);
