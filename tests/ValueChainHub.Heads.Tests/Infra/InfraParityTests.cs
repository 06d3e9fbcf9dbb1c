using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using ValueChainHub.Connectors;
using ValueChainHub.Core;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Storage;
using ValueChainHub.Functions;
using ValueChainHub.Heads.Tests.Conventions;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting;
using ValueChainHub.Hosting.Settings;
using ValueChainHub.Infrastructure.Cosmos;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>What the infrastructure makes and sets is what the code uses: the code's own lists against <c>infra/hub.json</c>, <c>infra/alerts.json</c> and the app settings.</summary>
public sealed partial class InfraParityTests : IDisposable
{
    private static readonly JsonElement Hub = JsonDocument.Parse(InfraFolder.Texts["hub.json"]).RootElement;

    private static readonly JsonElement Topic = Hub.GetProperty("topic");

    private static readonly IReadOnlyList<ParameterInfo> Triggered =
        [.. typeof(JobFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute))).SelectMany(method => method.GetParameters())];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_containers_are_those_of_the_code() => Texts(Hub, "containers").ShouldBe(HubContainers.All);

    [Fact]
    public void Items_are_partitioned_and_indexed_as_the_code_reads_them()
    {
        Text(Hub, "partitionKey").ShouldBe(HubContainers.PartitionKeyPath);
        Texts(Hub, "indexedPaths").ShouldBe(HubContainers.IndexedPaths);
    }

    /// <summary>-1 keeps an item unless the item says when it ends; a number would end those that say nothing, and without it nothing would ever end.</summary>
    [Fact]
    public void An_item_ends_when_it_says_so_and_not_otherwise() => Hub.GetProperty("defaultTtl").GetInt32().ShouldBe(-1);

    [Theory]
    [InlineData("main.dev.bicepparam")]
    [InlineData("main.prod.bicepparam")]
    public void Throughput_of_its_own_is_given_to_containers_that_exist(string file)
    {
        var scale = InfraFolder.File(file).Of("param").Single(one => one.Name == "scale").Value;
        var own = BicepFile.Members(scale).Single(member => member.Name == "ownMaxThroughput").Value;

        BicepFile.Members(own).Select(member => member.Name).ShouldBeSubsetOf(HubContainers.All);
    }

    /// <summary>The triggers and the change feed processor ask for it.</summary>
    [Fact]
    public void Leases_are_partitioned_by_their_id() => Text(Hub.GetProperty("leases"), "partitionKey").ShouldBe(CosmosContainers.LeasesPartitionKeyPath);

    [Fact]
    public void The_feeds_are_wired_to_containers_leases_and_settings_that_exist()
    {
        var settings = AppSettings().ToHashSet();
        var feeds = Triggers<CosmosDBTriggerAttribute>().ToList();

        feeds.ShouldNotBeEmpty();
        foreach (var feed in feeds)
        {
            HubContainers.All.ShouldContain(feed.ContainerName);
            feed.LeaseContainerName.ShouldBe(Text(Hub.GetProperty("leases"), "name"));
            feed.CreateLeaseContainerIfNotExists.ShouldBeFalse("the identity may not make containers");
            settings.ShouldContain(feed.DatabaseName.Trim('%'));
            foreach (var part in new[] { "accountEndpoint", "credential", "clientId" })
                settings.ShouldContain($"{feed.Connection}__{part}");
        }
    }

    [Fact]
    public async Task The_topic_is_that_of_the_code()
    {
        await using var server = await RunningServer.StartAsync();
        var documented = await server.JsonAsync("/api/asyncapi.json");

        Text(Topic, "name").ShouldBe(ChainTopic.Name);
        Text(Topic, "name").ShouldBe(documented.GetProperty("channels").GetProperty("chainEvents").GetProperty("address").GetString());
        Triggers<ServiceBusTriggerAttribute>().Select(one => one.TopicName).ShouldAllBe(name => name == ChainTopic.Name);
    }

    [Fact]
    public void The_topic_and_its_subscriptions_promise_what_the_code_reckons_with()
    {
        XmlConvert.ToTimeSpan(Text(Topic, "duplicateWindow")).ShouldBe(ChainTopic.DuplicateWindow);
        XmlConvert.ToTimeSpan(Text(Topic, "timeToLive")).ShouldBe(ChainTopic.TimeToLive);
        XmlConvert.ToTimeSpan(Text(Topic, "lockDuration")).ShouldBe(ChainTopic.LockDuration);
        Topic.GetProperty("maxDeliveryCount").GetInt32().ShouldBe(ChainTopic.MaxDeliveryCount);
        Text(Topic, "everyone").ShouldBe(ChainTopic.Everyone);
        ChainTopic.DuplicateWindow.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10), "ChainBusContract, case 3");
    }

    /// <summary>The words of the module that makes them: a promise that nobody asks for is none.</summary>
    [Theory]
    [InlineData("requiresDuplicateDetection: true")]
    [InlineData("duplicateDetectionHistoryTimeWindow: hub.topic.duplicateWindow")]
    [InlineData("supportOrdering: true")]
    [InlineData("enablePartitioning: false")]
    [InlineData("lockDuration: hub.topic.lockDuration")]
    [InlineData("maxDeliveryCount: hub.topic.maxDeliveryCount")]
    [InlineData("deadLetteringOnMessageExpiration: true")]
    [InlineData("correlationFilter: { to: hub.topic.everyone }")]
    [InlineData("correlationFilter: { to: subscription }")]
    [InlineData("disableLocalAuth: true")]
    public void The_bus_is_made_with(string words) => InfraFolder.Texts["modules/servicebus.bicep"].ShouldContain(words);

    [Fact]
    public void Every_connector_that_can_be_written_to_has_a_subscription_by_the_name_that_the_code_gives_it()
    {
        var vendors = typeof(Vendors).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IDestination)));

        Texts(Hub, "destinations").ShouldBe(vendors.Select(type => type.Namespace!.Split('.')[^1].ToLowerInvariant()), ignoreOrder: true);
        RouteEvents.SubscriptionOf("klaviyo").ShouldBe(Text(Topic, "subscriptionPrefix") + "klaviyo");
    }

    /// <summary>The triggers have numbers; the settings give each a destination, or switch it off.</summary>
    [Fact]
    public void Every_trigger_of_messages_has_its_settings()
    {
        var settings = AppSettings().ToHashSet();
        var numbers = Enumerable.Range(1, Topic.GetProperty("triggers").GetInt32()).ToList();
        var triggers = Triggers<ServiceBusTriggerAttribute>().ToList();

        triggers.Select(one => one.SubscriptionName).ShouldBe(numbers.Select(number => $"{Text(Topic, "subscriptionPrefix")}%Hub__Destinations__{number}%"), ignoreOrder: true);
        NamesIn(InfraFolder.File("modules/functions.bicep"), "triggerSettings").ShouldBe(["Hub__Destinations__${index + 1}", "AzureWebJobs__RouteEvents${index + 1}__Disabled"]);
        foreach (var part in new[] { "fullyQualifiedNamespace", "credential", "clientId" })
            triggers.ShouldAllBe(trigger => settings.Contains($"{trigger.Connection}__{part}"));
    }

    [Fact]
    public void Every_setting_of_the_hub_is_read_by_it()
    {
        var read = new Recorder();
        HubSettings.Read(new ConfigurationRoot([Memory(("Hub:DataDirectory", _folder.Path)), read]), offerTrialConnector: false);

        var unread = AppSettings().Where(name => name.StartsWith("Hub__", StringComparison.Ordinal) && !read.Asked.Contains(name.Replace("__", ":", StringComparison.Ordinal)));

        unread.ShouldBeEmpty();
    }

    [Fact]
    public void Every_key_of_the_hub_is_in_the_vault_and_none_in_a_setting()
    {
        var functions = InfraFolder.File("modules/functions.bicep");
        var inTheVault = Texts(functions, "keys").ToList();

        inTheVault.ShouldBe(["Hub__AdminKey", "Hub__OperatorKey", "Hub__ReaderKey", "Hub__IdKey"], ignoreOrder: true);
        Texts(functions, "settings").Where(name => SecretName().IsMatch(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_metric_that_an_alert_asks_for_is_measured()
    {
        var measured = Instruments();
        var asked = Metric().Matches(InfraFolder.Texts["alerts.json"]).Select(match => match.Groups["name"].Value).Distinct().ToList();

        asked.ShouldNotBeEmpty();
        asked.Except(measured).ShouldBeEmpty();
    }

    [Fact]
    public void What_azd_is_told_of_exists()
    {
        var azure = Repository.Text("azure.yaml");

        foreach (var key in new[] { "project", "path", "run" })
            (Value(azure, key) is { Length: > 0 } path && Path.Exists(Path.Combine(Repository.Root, path))).ShouldBeTrue(key);
        InfraFolder.Texts.Keys.ShouldContain(Value(azure, "module") + ".bicepparam");
    }

    private static IEnumerable<string> Texts(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(one => one.GetString()!);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Value(string yaml, string key) => Regex.Match(yaml, $@"^\s*{key}: (?<value>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture).Groups["value"].Value;

    private static IEnumerable<T> Triggers<T>()
        where T : Attribute => Triggered.SelectMany(parameter => parameter.GetCustomAttributes<T>());

    private static IEnumerable<string> Texts(BicepFile file, string variable) =>
        file.Of("var").Single(one => one.Name == variable).Value.Where(token => token.Kind == BicepTokenKind.Text).Select(token => token.Value);

    /// <summary>The names of the app settings: those written out, those of the vault, and for each connection those of its identity.</summary>
    private static IEnumerable<string> AppSettings()
    {
        var functions = InfraFolder.File("modules/functions.bicep");
        var connections = Texts(functions, "identitySettings").Where(text => !text.Contains("__", StringComparison.Ordinal) && char.IsAsciiLetterUpper(text[0]));
        return NamesIn(functions, "settings").Concat(Texts(functions, "keys"))
            .Concat(from connection in connections
                    from name in NamesIn(functions, "identitySettings")
                    select name.Replace("${connection}", connection, StringComparison.Ordinal));
    }

    /// <summary>The texts after <c>name:</c>.</summary>
    private static IEnumerable<string> NamesIn(BicepFile file, string variable)
    {
        var tokens = file.Of("var").Single(one => one.Name == variable).Value;
        return tokens.Zip(tokens.Skip(1), tokens.Skip(2)).Where(three => three.First.IsWord("name") && three.Second.Is(":")).Select(three => three.Third.Value);
    }

    /// <summary>Every instrument that the code makes. They are static, so the classes that hold them are woken.</summary>
    private static HashSet<string> Instruments()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == HubTelemetry.Name)
                    names.Add(instrument.Name);
            },
        };
        listener.Start();
        const BindingFlags statics = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        foreach (var type in new[] { typeof(HubTelemetry), typeof(HubServices) }.SelectMany(type => type.Assembly.GetTypes()))
        {
            if (type.GetFields(statics).Any(field => field.FieldType.IsAssignableTo(typeof(Instrument))))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        return names;
    }

    private static IConfigurationProvider Memory(params (string Key, string Value)[] values) =>
        new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationProvider(new()
        {
            InitialData = values.Select(one => KeyValuePair.Create<string, string?>(one.Key, one.Value)),
        });

    [GeneratedRegex(@"(Key|Secret|Password|Token)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"'(?<name>hub\.[a-z.]+)'", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Metric();

    /// <summary>Knows nothing, and remembers what it was asked for.</summary>
    private sealed class Recorder : ConfigurationProvider
    {
        public HashSet<string> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

        public override bool TryGet(string key, out string? value)
        {
            Asked.Add(key);
            value = null;
            return false;
        }
    }
}
