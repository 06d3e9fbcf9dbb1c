using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ValueChainHub.Hosting.Http;

/// <summary>An answer as handlers give it: no web framework.</summary>
public sealed record HubReply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string JsonContentType = "application/json; charset=utf-8";
    public const string EventStreamContentType = "text/event-stream";

    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>Writes the body bit by bit instead of <see cref="Body"/>, until it is done or the token ends.</summary>
    public Func<Stream, CancellationToken, Task>? Stream { get; init; }

    /// <summary>An answer with a JSON body.</summary>
    public static HubReply Json<T>(T value, JsonTypeInfo<T> type, int status = 200) => new(status, JsonContentType, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>An answer whose JSON is ready.</summary>
    public static HubReply Json(ReadOnlyMemory<byte> json, int status = 200) => new(status, JsonContentType, json);

    /// <summary>An answer of plain text.</summary>
    public static HubReply Text(string text, int status = 200) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    /// <summary>An answer that goes on until the caller or the head ends it.</summary>
    public static HubReply Events(Func<Stream, CancellationToken, Task> write) =>
        new(200, EventStreamContentType, ReadOnlyMemory<byte>.Empty) { Stream = write };

    /// <summary>An answer that says what is wrong.</summary>
    public static HubReply Of(HubProblem problem, string? instance = null, string? traceId = null) =>
        new(problem.Status, HubProblem.ContentType, problem.ToJson(instance, traceId)) { Headers = problem.Headers ?? NoHeaders };
}
