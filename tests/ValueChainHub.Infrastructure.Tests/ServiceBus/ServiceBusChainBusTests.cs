using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Infrastructure.ServiceBus;
using ValueChainHub.Testing.Messaging;

namespace ValueChainHub.Infrastructure.Tests.ServiceBus;

/// <summary>The contract on the namespace or the emulator that <c>SERVICEBUS_TEST_CONNECTION</c> names, each test on a topic of its own. The clock is the broker's.</summary>
public sealed class ServiceBusChainBusTests : ChainBusContract
{
    /// <summary>What a broker on the same machine needs between two moments.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly List<ServiceBusChainBus> _opened = [];
    private ServiceBusHubOptions _options = new();

    /// <summary>The shortest that the broker knows.</summary>
    protected override TimeSpan LockDuration => TimeSpan.FromSeconds(5);

    protected override TimeSpan Later => TimeSpan.FromSeconds(12);

    protected override TimeSpan WithinDuplicateWindow => TimeSpan.FromSeconds(1);

    protected override DateTimeOffset Now => DateTimeOffset.UtcNow;

    public override async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SERVICEBUS_TEST_CONNECTION") is not { Length: > 0 } connection)
        {
            Assert.Skip("SERVICEBUS_TEST_CONNECTION names no Service Bus.");
            return;
        }

        // Within the limits of the emulator: five minutes, one hour, ten deliveries.
        _options = new()
        {
            ConnectionString = connection,
            AdministrationConnectionString = Administration(connection),
            Topic = "chain-events-" + Guid.NewGuid().ToString("N"),
            LockDuration = LockDuration,
            MaxDeliveryCount = 10,
            DuplicateWindow = TimeSpan.FromMinutes(5),
            TimeToLive = TimeSpan.FromHours(1),
        };
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var bus in _opened)
            await bus.DisposeAsync();
        if (_opened.Count > 0)
            await new ServiceBusAdministrationClient(_options.AdministrationConnectionString).DeleteTopicAsync(_options.Topic, CancellationToken.None);
    }

    protected override Task<IChainBus> OpenAsync()
    {
        var bus = ServiceBusHub.Open(_options, TimeProvider.System);
        _opened.Add(bus);
        return Task.FromResult<IChainBus>(bus);
    }

    protected override Task<IChainBus> ReopenAsync() => OpenAsync();

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time > TimeSpan.Zero ? time + Slack : Slack, Token);

    /// <summary>The emulator is managed on a port of its own.</summary>
    private static string Administration(string connection)
    {
        if (!connection.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase))
            return connection;
        var endpoint = ServiceBusConnectionStringProperties.Parse(connection).Endpoint;
        return string.Join(';', connection.Split(';').Select(part => part.StartsWith("Endpoint=", StringComparison.OrdinalIgnoreCase) ? $"Endpoint=sb://{endpoint.Host}:5300" : part));
    }
}
