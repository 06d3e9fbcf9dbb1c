using Microsoft.Azure.Cosmos;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>The settings of the Cosmos DB store.</summary>
public sealed record CosmosHubOptions
{
    /// <summary>The account, reached with the identity of this process (managed identity, <c>AZURE_CLIENT_ID</c>, a developer's login). Either this or <see cref="ConnectionString"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The account with its key: for emulators, and where identities cannot be had.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Which user-assigned identity, where a machine has several.</summary>
    public string? ClientId { get; init; }

    /// <summary>The database. <c>hub</c>.</summary>
    public string Database { get; init; } = "hub";

    /// <summary>Whether missing containers are made. In Azure they are the infrastructure's: roles for data cannot make them.</summary>
    public bool CreateContainers { get; init; }

    /// <summary>How long one call may take, the SDK's own retries included. A server that hangs ends by this alone. Ten seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a feed is looked at while nothing in this process says that it has changes. One second; two requests a second would be what a trigger makes.</summary>
    public TimeSpan PollPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a test changes in the client.</summary>
    internal Action<CosmosClientOptions>? Configure { get; init; }
}
