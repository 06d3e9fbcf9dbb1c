using System.Net;
using System.Text;

namespace ValueChainHub.Connectors.Tests.StandIns;

/// <summary>The other side of an <see cref="HttpClient"/>: keeps what was sent and answers what it was given.</summary>
internal sealed class Wire : HttpMessageHandler
{
    public HttpRequestMessage Request { get; private set; } = null!;

    public string? SentBody { get; private set; }

    public string? SentType { get; private set; }

    public Exception? Fault { get; set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public string Body { get; set; } = "{}";

    /// <summary>The path and query, as they go over the wire.</summary>
    public string Target => Request.RequestUri!.PathAndQuery;

    public string? Header(string name) => Request.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Request = request;
        if (request.Content is { } content)
        {
            SentType = content.Headers.ContentType?.ToString();
            SentBody = await content.ReadAsStringAsync(cancellationToken);
        }

        if (Fault is not null)
            throw Fault;
        var answer = new HttpResponseMessage(Status) { RequestMessage = request, Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        answer.Headers.Add("Retry-After", "7");
        return answer;
    }
}
