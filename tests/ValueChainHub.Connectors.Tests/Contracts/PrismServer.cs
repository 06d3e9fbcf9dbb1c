using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ValueChainHub.Connectors.Tests.Contracts;

/// <summary>Prism, answering for a vendor by its description: what the description does not allow is refused.</summary>
internal sealed class PrismServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _file;

    private PrismServer(Process process, string file, Uri address) => (_process, _file, Address) = (process, file, address);

    public Uri Address { get; }

    public static async Task<PrismServer> StartAsync(OpenApiCut description, CancellationToken cancellationToken)
    {
        ContractTools.OrSkip("@stoplight/prism-cli");
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(file, description.Description.ToJsonString(), cancellationToken);
        var port = FreePort();
        var process = ContractTools.Start(ContractTools.Prism, "mock", "--host", "127.0.0.1", "--port", $"{port}", "--verboseLevel", "error", file);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var server = new PrismServer(process, file, new($"http://127.0.0.1:{port}"));
        try
        {
            await server.ListenAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        File.Delete(_file);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(began) < LongestStart)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Between a client and Prism: keeps what was asked and what Prism found wrong with it.</summary>
/// <param name="asJson">The vendor's own type of bodies, looked at here and taken off: Prism checks bodies of application/json only.</param>
internal sealed class PrismGate(string? asJson = null) : DelegatingHandler(new SocketsHttpHandler())
{
    public List<string> Asked { get; } = [];

    public List<string> Faults { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (asJson is not null && request.Content is { Headers.ContentLength: > 0 } content)
        {
            content.Headers.ContentType!.MediaType.ShouldBe(asJson);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        var response = await base.SendAsync(request, cancellationToken);
        var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        Asked.Add(call);
        if ((int)response.StatusCode >= 400 || Violations(response).Any())
            Faults.Add($"{call}: {(int)response.StatusCode} {string.Join(' ', Violations(response))} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return response;
    }

    /// <summary>What is wrong with the request; that the description's own examples are not always what it says is none of our business.</summary>
    private static IEnumerable<string> Violations(HttpResponseMessage response) =>
        response.Headers.TryGetValues("sl-violations", out var values)
            ? values.SelectMany(value => JsonNode.Parse(value)!.AsArray()).Where(one => one!["location"]![0]!.GetValue<string>() == "request").Select(one => one!.ToJsonString())
            : [];
}
