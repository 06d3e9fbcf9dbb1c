using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>Opens the bus by its settings.</summary>
public static class ServiceBusHub
{
    /// <summary>The bus. Nothing is sent yet: a broker that is away shows at the first call, and the hub starts without it.</summary>
    public static ServiceBusChainBus Open(ServiceBusHubOptions options, TimeProvider time) => options.ConnectionString is { } connection
        ? new(new ServiceBusClient(connection, ClientOptions()), new ServiceBusAdministrationClient(options.AdministrationConnectionString ?? connection), options, time)
        : new(new ServiceBusClient(options.FullyQualifiedNamespace, Credential(options.ClientId), ClientOptions()), administration: null, options, time);

    /// <summary>Short tries: the jobs themselves try again, at a pace that the health of the hub shows.</summary>
    private static ServiceBusClientOptions ClientOptions() => new()
    {
        RetryOptions = new() { MaxRetries = 2, TryTimeout = TimeSpan.FromSeconds(20), MaxDelay = TimeSpan.FromSeconds(5) },
    };

    private static TokenCredential Credential(string? clientId) =>
        clientId is null ? new DefaultAzureCredential() : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}
