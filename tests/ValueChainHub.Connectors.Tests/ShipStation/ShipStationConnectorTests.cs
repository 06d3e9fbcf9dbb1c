using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.ShipStation;

/// <summary>The contract for both entries of the list. Where it speaks of secrets, this vendor has keys: the present one, the previous one, and any other.</summary>
public abstract class ShipStationContract : ConnectorContract
{
    protected override string SignatureHeader => "X-ShipEngine-RSA-SHA256-Signature";

    protected override IReadOnlyList<Recording> Recordings { get; } = Recording.All(ShipStationTests.RecordingsFolder);

    protected override Dictionary<string, string> Settings(string secret, string? previousSecret) =>
        new() { ["JwksUrl"] = previousSecret is null ? "http://127.0.0.1/jwks/present" : "http://127.0.0.1/jwks/both" };

    protected override WebhookRequest Signed(string topic, string deliveryId, ReadOnlyMemory<byte> body, string secret)
    {
        var key = secret == Secret ? VendorAtTheWire.Present : secret == PreviousSecret ? VendorAtTheWire.Previous : VendorAtTheWire.Other;
        return ShipStationTests.Signed(key, secret == PreviousSecret ? "key-2" : "key-1", ShipStationTests.At(Now), body);
    }

    protected override IConnector Make(string secret, string? previousSecret)
    {
        var connector = base.Make(secret, previousSecret);
        ((IPreparedConnector)connector).PrepareAsync(Signed("", "", "{}"u8.ToArray(), secret), CancellationToken.None).AsTask().GetAwaiter().GetResult().ShouldBeTrue();
        return connector;
    }

    protected override DeliveryContent Delivery(Recording recording, byte[] body) =>
        base.Delivery(recording, body) with { Kind = recording.Topic.StartsWith("fetched/", StringComparison.Ordinal) ? DeliveryKind.Fetch : DeliveryKind.Webhook };
}

public sealed class ShipStationConnectorTests : ShipStationContract
{
    protected override IVendor Vendor { get; } = ShipStationVendor.ShipStation(new ManualTime(), _ => new VendorAtTheWire());

    [Theory]
    [InlineData("BaseUrl", "http://api.shipstation.com")]
    [InlineData("BaseUrl", "https://localhost")]
    [InlineData("BaseUrl", "https://api.shipstation.com/v2")]
    [InlineData("JwksUrl", "http://api.shipengine.com/jwks")]
    [InlineData("JwksUrl", "jwks")]
    [InlineData("ApiKey", "abc")]
    [InlineData("ApiKey", "changeme")]
    public void Does_not_start_with_a_setting_that_cannot_be_right_and_names_it(string key, string value) =>
        Should.Throw<ConnectorSettingsException>(() => ShipStationTests.Make(new() { [key] = value }, allowLoopback: false)).Message.ShouldContain($"Connectors__shipstation__{key}");
}

public sealed class ShipEngineConnectorTests : ShipStationContract
{
    protected override IVendor Vendor { get; } = ShipStationVendor.ShipEngine(new ManualTime(), _ => new VendorAtTheWire());
}
