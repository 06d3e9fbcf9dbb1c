using Microsoft.Extensions.Configuration;
using ValueChainHub.Infrastructure.Cosmos;

namespace ValueChainHub.Hosting.Settings;

/// <summary>Which store keeps the record: <c>Hub__Store</c>, and for <c>cosmos</c> which account.</summary>
/// <remarks>
/// The account is found as the triggers of the Functions head find it, by the same settings: <c>Cosmos__accountEndpoint</c> and the identity (<c>Cosmos__clientId</c> for a
/// user-assigned one), or <c>Cosmos</c> with a connection string; <c>Cosmos__Database</c> names the database.
/// </remarks>
internal static class CosmosSettings
{
    /// <summary>The connection of that name in the triggers, and the section in the settings.</summary>
    public const string Section = "Cosmos";

    private const string Sqlite = "sqlite";
    private const string Cosmos = "cosmos";

    /// <summary>The account, or null when the store is SQLite.</summary>
    public static CosmosHubOptions? Read(IConfiguration configuration) => (Text(configuration["Hub:Store"]) ?? Sqlite).ToLowerInvariant() switch
    {
        Sqlite => null,
        Cosmos => ReadAccount(configuration.GetSection(Section)),
        _ => throw new HubSettingsException($"Hub__Store names no store that the hub knows. Set it to one of: {Sqlite}, {Cosmos}"),
    };

    private static CosmosHubOptions ReadAccount(IConfigurationSection section)
    {
        var (connection, endpoint) = (Text(section.Value), Text(section["accountEndpoint"]));
        var account = endpoint is null ? null : UriOf(endpoint, $"{Section}__accountEndpoint");
        if (connection is null && account is null)
            throw new HubSettingsException($"{Section}__accountEndpoint is missing. Set it to the account's address, such as https://hub.documents.azure.com, or {Section} to a connection string.");
        var address = connection is null ? account! : UriOf(AddressIn(connection), Section);
        return new()
        {
            ConnectionString = connection,
            Endpoint = account,
            ClientId = Text(section["clientId"]),
            Database = Text(section["Database"]) ?? "hub",
            // An emulator on this machine. In Azure containers are the infrastructure's, and a role for data could not make them.
            CreateContainers = address.IsLoopback,
        };
    }

    private static string AddressIn(string connection) =>
        connection.Split(';').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0].Trim().Equals("AccountEndpoint", StringComparison.OrdinalIgnoreCase)) is [_, var address] ? address : "";

    private static Uri UriOf(string text, string setting) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
            ? uri
            : throw new HubSettingsException($"{setting} has no https address of an account. Copy it again, or use an endpoint and an identity.");

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
