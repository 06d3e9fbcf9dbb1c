using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Settings;

namespace ValueChainHub.Heads.Tests;

public sealed class HubSettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_settings_makes_its_keys_once_and_keeps_them()
    {
        var first = Read();
        var second = Read();

        first.AdminKeyIsNew.ShouldBeTrue();
        second.AdminKeyIsNew.ShouldBeFalse();
        second.AdminKey.ShouldBe(first.AdminKey);
        second.IdKey.ShouldBe(first.IdKey);
        first.AdminKey.ShouldNotBe(first.IdKey);
        first.AdminKey.Length.ShouldBe(64, "256 bits");
    }

    [Fact]
    public void Stored_keys_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = _folder.File("data");

        Read(("Hub:DataDirectory", folder));

        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void Rights_that_were_loosened_are_tightened_again()
    {
        if (OperatingSystem.IsWindows())
            return;
        Read();
        var file = _folder.File(DataDirectory.AdminKeyFile);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Read();

        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_connector_cannot_have_the_name_that_parcels_have() =>
        Should.Throw<HubSettingsException>(() => Read(("Connectors:Parcel:Vendor", "shopify"), ("Connectors:Parcel:WebhookSecret", "hush-hush"))).Message.ShouldBe("Connectors__Parcel: the name parcel is taken by what the hub keeps of parcels. Rename it.");

    [Fact]
    public async Task Of_many_first_starts_at_once_all_get_the_same_keys()
    {
        var settings = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Read())));

        settings.Select(one => one.AdminKey).Distinct().ShouldHaveSingleItem();
        settings.Select(one => one.IdKey).Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(_folder.Path, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public void A_key_in_the_settings_is_not_stored()
    {
        Read(("Hub:AdminKey", TableServer.AdminKey), ("Hub:IdKey", "id-key-of-these-tests"));

        Directory.GetFiles(_folder.Path).SelectMany(File.ReadLines).ShouldNotContain(line => line.Contains("of-these-tests"));
    }

    [Fact]
    public void Another_id_key_than_the_first_one_stops_the_start()
    {
        Read(("Hub:IdKey", "id-key-of-these-tests"));

        Fault(("Hub:IdKey", "another-key-of-these-tests")).ShouldContain("Hub__IdKey is not the key");
        Fault().ShouldContain("Hub__IdKey is missing");
        Read(("Hub:IdKey", "id-key-of-these-tests")).IdKey.ShouldBe("id-key-of-these-tests");
    }

    [Theory]
    [InlineData("AdminKey", "IdKey")]
    [InlineData("IdKey", "AdminKey")]
    public void A_store_that_processes_share_has_no_keys_of_one_process_alone(string missing, string given)
    {
        var message = Fault(("Hub:Store", "cosmos"), ("Cosmos:accountEndpoint", "https://hub.documents.azure.com"), ($"Hub:{given}", "a-key-of-these-tests"));

        message.ShouldStartWith($"Hub__{missing} is missing.");
        message.ShouldNotContain("\n");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void An_emptied_key_file_stops_the_start()
    {
        Read();
        File.WriteAllText(_folder.File(DataDirectory.AdminKeyFile), "");

        Fault().ShouldContain("admin-key");
    }

    [Theory]
    [InlineData("Hub:AdminKey", "too-short", "Hub__AdminKey is shorter than 16 characters")]
    [InlineData("Hub:OperatorKey", "too-short", "Hub__OperatorKey is shorter than 16 characters")]
    [InlineData("Hub:ReaderKey", "too-short", "Hub__ReaderKey is shorter than 16 characters")]
    [InlineData("Hub:IdKey", "too-short", "Hub__IdKey is shorter than 16 characters")]
    [InlineData("Hub:AdminKey", "aaaaaaaaaaaaaaaaaaaaaaa", "Hub__AdminKey is a placeholder")]
    [InlineData("Hub:AdminKey", "please-ChangeMe-please", "Hub__AdminKey is a placeholder")]
    [InlineData("Hub:AdminKey", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/Hub--AdminKey)", "Hub__AdminKey is a reference that the vault did not answer")]
    [InlineData("Connectors:shopify:WebhookSecret", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)", "Connectors__shopify__WebhookSecret is a reference")]
    [InlineData("Hub:PublicUrl", "no-url-at-all", "Hub__PublicUrl")]
    [InlineData("Hub:PublicUrl", "https://user:pass@hub.example.com", "Hub__PublicUrl")]
    [InlineData("Hub:AllowLoopbackVendors", "perhaps", "Hub__AllowLoopbackVendors must be true or false")]
    [InlineData("Connectors:shop.eu:WebhookSecret", "0123456789abcdef", "Connectors__shop.eu")]
    public void A_wrong_setting_is_named_and_its_value_is_not_shown(string name, string value, string expected)
    {
        var message = Fault((name, value));

        message.ShouldContain(expected);
        message.ShouldNotContain(value);
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void Two_roles_with_one_key_stop_the_start() =>
        Fault(("Hub:OperatorKey", TableServer.ReaderKey), ("Hub:ReaderKey", TableServer.ReaderKey)).ShouldContain("Hub__OperatorKey and Hub__ReaderKey are the same");

    [Fact]
    public void Blank_settings_are_no_settings()
    {
        var settings = Read(("Hub:ReaderKey", "  "), ("Hub:PublicUrl", ""), ("Connectors:klaviyo:WebhookSecret", " "));

        settings.ReaderKey.ShouldBeNull();
        settings.PublicUrl.ShouldBeNull();
        settings.Connectors.ShouldBeEmpty();
    }

    [Fact]
    public void A_connectors_settings_come_by_its_name()
    {
        var settings = Read(("Connectors:Shopify-EU:WebhookSecret", "0123456789abcdef"), ("Connectors:Shopify-EU:Vendor", "shopify"));

        var connector = settings.Connectors.ShouldHaveSingleItem();
        connector.Name.ShouldBe("shopify-eu");
        connector.Optional("vendor").ShouldBe("shopify");
        settings.HasTrialConnector.ShouldBeFalse();
    }

    [Fact]
    public void On_this_machine_alone_a_first_connector_is_made_with_a_secret_of_its_own()
    {
        var settings = HubSettings.Read(Configuration(), offerTrialConnector: true);

        settings.HasTrialConnector.ShouldBeTrue();
        settings.Connectors.ShouldHaveSingleItem().Secret("WebhookSecret", 16).ShouldBe(File.ReadAllText(_folder.File(DataDirectory.TrialSecretFile)).Trim());
    }

    [Fact]
    public void Beyond_this_machine_or_beside_another_connector_none_is_made()
    {
        Read().Connectors.ShouldBeEmpty();
        HubSettings.Read(Configuration(("Connectors:klaviyo:WebhookSecret", "0123456789abcdef")), offerTrialConnector: true).HasTrialConnector.ShouldBeFalse();
        File.Exists(_folder.File(DataDirectory.TrialSecretFile)).ShouldBeFalse();
    }

    [Fact]
    public void Without_a_word_store_and_bus_are_one_file()
    {
        var storage = Read().Storage;

        (storage.Store, storage.Bus, storage.ServiceBusOptions).ShouldBe(("sqlite", "sqlite", null));
    }

    [Fact]
    public void Service_Bus_is_found_by_the_settings_of_the_triggers()
    {
        var identity = Read(("Hub:Bus", "ServiceBus"), ("ServiceBus:fullyQualifiedNamespace", " hub.servicebus.windows.net "), ("ServiceBus:clientId", "an-identity")).Storage.ServiceBusOptions.ShouldNotBeNull();
        (identity.FullyQualifiedNamespace, identity.ClientId, identity.ConnectionString, identity.Topic).ShouldBe(("hub.servicebus.windows.net", "an-identity", null, "chain-events"));

        var connection = Read(("Hub:Bus", "servicebus"), ("ServiceBus", "Endpoint=sb://localhost;SharedAccessKeyName=name;SharedAccessKey=key")).Storage.ServiceBusOptions.ShouldNotBeNull();
        connection.ConnectionString.ShouldNotBeNull();
    }

    [Fact]
    public void A_store_or_a_bus_that_nobody_knows_and_one_without_an_address_stop_the_start()
    {
        Fault(("Hub:Store", "mongo")).ShouldStartWith("Hub__Store ");
        Fault(("Hub:Bus", "rabbit")).ShouldBe("Hub__Bus names nothing that the hub knows. Set it to one of: sqlite, servicebus");
        Fault(("Hub:Bus", "servicebus")).ShouldStartWith("ServiceBus__fullyQualifiedNamespace is missing");
        Fault(("Hub:Bus", "servicebus"), ("ServiceBus:fullyQualifiedNamespace", "https://hub.servicebus.windows.net/")).ShouldStartWith("ServiceBus__fullyQualifiedNamespace is not a host name");
    }

    [Fact]
    public async Task A_hub_whose_store_and_bus_are_services_starts_where_no_directory_can_be_made()
    {
        File.WriteAllText(_folder.File("no-directory"), "");
        await using var server = await RunningServer.StartAsync(
            "--Hub:DataDirectory=" + Path.Combine(_folder.File("no-directory"), "below"),
            "--Hub:Store=cosmos", "--Cosmos:accountEndpoint=https://hub.documents.azure.com", "--Hub:IdKey=an-id-key-of-these-tests",
            "--Hub:Bus=servicebus", "--ServiceBus:fullyQualifiedNamespace=hub.servicebus.windows.net");

        await server.JsonAsync("/api/health/ready");

        server.App.Services.GetRequiredService<HubSettings>().Data.ShouldBeNull();
        Directory.Exists(HubSettings.DefaultDataDirectory).ShouldBeFalse();
    }

    [Theory]
    [InlineData("cosmos", "sqlite")]
    [InlineData("sqlite", "servicebus")]
    public void A_hub_that_keeps_one_of_the_two_in_a_file_has_a_directory(string store, string bus) =>
        Read(
            ("Hub:Store", store), ("Cosmos:accountEndpoint", "https://hub.documents.azure.com"), ("Hub:AdminKey", "an-admin-key-of-these-tests"), ("Hub:IdKey", "an-id-key-of-these-tests"),
            ("Hub:Bus", bus), ("ServiceBus:fullyQualifiedNamespace", "hub.servicebus.windows.net")).Data.ShouldNotBeNull().Path.ShouldBe(_folder.Path);

    [Fact]
    public void Destinations_whose_events_are_pushed_are_named_by_the_numbers_of_their_triggers()
    {
        Read(("Hub:Destinations:1", "Klaviyo"), ("Hub:Destinations:3", " shop-2 "), ("Hub:Destinations:4", "")).Pushed
            .ShouldBe(new Dictionary<int, string> { [1] = "klaviyo", [3] = "shop-2" }, ignoreOrder: true);
        Fault(("Hub:Destinations:first", "klaviyo")).ShouldStartWith("Hub__Destinations__first is not the number of a trigger");
        Fault(("Hub:Destinations:0", "klaviyo")).ShouldStartWith("Hub__Destinations__0 ");
    }

    private HubSettings Read(params (string Name, string Value)[] settings) => HubSettings.Read(Configuration(settings), offerTrialConnector: false);

    private string Fault(params (string Name, string Value)[] settings) => Should.Throw<HubSettingsException>(() => Read(settings)).Message;

    private IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection([new("Hub:DataDirectory", _folder.Path)])
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)))
            .Build();
}
