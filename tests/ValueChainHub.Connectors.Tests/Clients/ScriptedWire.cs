using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ValueChainHub.Connectors.Tests.Clients;

/// <summary>A vendor at the wire: gives its answers in their order, the last one again and again, and keeps what it was asked.</summary>
internal sealed class ScriptedWire : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    public List<Call> Calls { get; } = [];

    public Call Last => Calls[^1];

    public ScriptedWire Answer(string body, HttpStatusCode status = HttpStatusCode.OK, params IReadOnlyList<(string Name, string Value)> headers) =>
        Then(_ => Task.FromResult(Make(body, status, headers)));

    /// <summary>Never answers.</summary>
    public ScriptedWire Hang() => Then(async token =>
    {
        await Task.Delay(Timeout.Infinite, token);
        throw new InvalidOperationException("the wait has no end");
    });

    public ScriptedWire Break() => Then(_ => throw new HttpRequestException("broken by ada.shopper@example.com"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Calls.Add(new(request.Method.Method, request.RequestUri!, request.Headers, body));
        return await (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())(cancellationToken);
    }

    private ScriptedWire Then(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    private static HttpResponseMessage Make(string body, HttpStatusCode status, IReadOnlyList<(string Name, string Value)> headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}

/// <summary>One call as it went over the wire.</summary>
internal sealed record Call(string Method, Uri Url, HttpRequestHeaders Headers, string Body)
{
    public string Path => Url.AbsolutePath;

    public string Query => Uri.UnescapeDataString(Url.Query);

    public JsonNode Json => JsonNode.Parse(Body)!;
}
