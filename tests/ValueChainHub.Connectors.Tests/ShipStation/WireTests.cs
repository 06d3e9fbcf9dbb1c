using System.Net;
using System.Net.Sockets;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Tests.ShipStation;

/// <summary>The guarded wire: where it connects to, and where never.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Tells_public_addresses_from_all_others(string address, bool isPublic) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Never_connects_to_this_machine(string host)
    {
        using var listener = Listen();
        using var client = new HttpClient(VendorWire.Guarded(allowPrivate: false));

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{host}:{PortOf(listener)}/"), TestContext.Current.CancellationToken));

        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Connects_to_this_machine_when_that_is_allowed_and_follows_no_redirect()
    {
        using var listener = Listen();
        using var client = new HttpClient(VendorWire.Guarded(allowPrivate: true));
        var served = ServeAsync(listener, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        using var answer = await client.GetAsync(new Uri($"http://localhost:{PortOf(listener)}/"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        await served;
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        (await stream.ReadAtLeastAsync(new byte[4096], 16)).ShouldBeGreaterThan(0);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }
}
