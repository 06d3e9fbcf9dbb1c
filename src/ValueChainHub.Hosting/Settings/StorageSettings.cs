using Microsoft.Extensions.Configuration;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Hosting.Settings;

/// <summary>Which store and which bus the hub is plugged into: <c>Hub__Store</c> and <c>Hub__Bus</c>.</summary>
/// <remarks>
/// Service Bus is found as the triggers of the Functions head find it, by the same settings: <c>ServiceBus__fullyQualifiedNamespace</c> and the identity
/// (<c>ServiceBus__clientId</c> for a user-assigned one), or <c>ServiceBus</c> with a connection string.
/// </remarks>
public sealed record StorageSettings
{
    public const string Sqlite = "sqlite";
    public const string Cosmos = "cosmos";
    public const string ServiceBus = "servicebus";

    /// <summary>The connection of that name in the triggers, and the section in the settings.</summary>
    public const string ServiceBusConnection = "ServiceBus";

    private const string NamespaceSetting = "fullyQualifiedNamespace";

    public string Store { get; init; } = Sqlite;
    public string Bus { get; init; } = Sqlite;

    /// <summary>Set when <see cref="Bus"/> is <see cref="ServiceBus"/>.</summary>
    public ServiceBusHubOptions? ServiceBusOptions { get; init; }

    /// <summary>Reads the settings, or throws <see cref="HubSettingsException"/>.</summary>
    public static StorageSettings Read(IConfiguration configuration)
    {
        var bus = Choice(configuration, "Bus", [Sqlite, ServiceBus]);
        return new()
        {
            Store = Choice(configuration, "Store", [Sqlite, Cosmos]),
            Bus = bus,
            ServiceBusOptions = bus == ServiceBus ? ReadServiceBus(configuration.GetSection(ServiceBusConnection)) : null,
        };
    }

    private static string Choice(IConfiguration configuration, string name, string[] choices)
    {
        if (configuration["Hub:" + name]?.Trim() is not { Length: > 0 } text)
            return choices[0];
        return choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new HubSettingsException($"Hub__{name} names nothing that the hub knows. Set it to one of: {string.Join(", ", choices)}");
    }

    private static ServiceBusHubOptions ReadServiceBus(IConfigurationSection section)
    {
        var (connection, name) = (Text(section.Value), Text(section[NamespaceSetting]));
        if (connection is null && name is null)
            throw new HubSettingsException($"{ServiceBusConnection}__{NamespaceSetting} is missing. Set it to the namespace's host name, such as hub.servicebus.windows.net.");
        if (connection is null && Uri.CheckHostName(name) != UriHostNameType.Dns)
            throw new HubSettingsException($"{ServiceBusConnection}__{NamespaceSetting} is not a host name. Set it without a scheme and a path, such as hub.servicebus.windows.net.");
        return new() { ConnectionString = connection, FullyQualifiedNamespace = name, ClientId = Text(section["clientId"]) };
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
