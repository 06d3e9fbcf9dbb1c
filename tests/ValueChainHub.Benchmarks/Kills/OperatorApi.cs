using System.Net.Http.Json;
using System.Text.Json;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>What an operator does at the hub, over HTTP. A connection for each call: the process at the other end is not the same for long.</summary>
public sealed class OperatorApi : IDisposable
{
    private readonly HttpClient client;

    public OperatorApi(Uri hub)
    {
        client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(hub, "/api/"), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("x-functions-key", ServerProcess.AdminKey);
        client.DefaultRequestHeaders.ConnectionClose = true;
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new(HttpMethod.Get, path), cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(new(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public Task<JsonElement> PutAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(new(HttpMethod.Put, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonElement.Parse(text)
                : throw new InvalidOperationException($"{request.Method} {request.RequestUri} answered {(int)response.StatusCode}: {text}");
        }
    }
}
