using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ValueChainHub.Hosting.Http;

/// <summary>What is wrong with a request or with the hub, and what to do about it (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Slug">The last part of <c>type</c>: stable, for programs.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Detail">What is wrong and what to do. Quotes nothing the caller sent.</param>
public sealed record HubProblem(int Status, string Slug, string Title, string Detail)
{
    public const string ContentType = "application/problem+json";
    public const string TypePrefix = "urn:valuechainhub:problem:";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Headers that belong to the problem, such as <c>Allow</c> and <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public static HubProblem BadRequest(string detail) => new(400, "bad-request", "The request cannot be understood", detail);

    public static HubProblem KeyMissing { get; } = new(401, "key-missing", "A key is needed", "Send a key of the hub in the header x-functions-key.")
    {
        Headers = One("WWW-Authenticate", "ApiKey header=\"x-functions-key\""),
    };

    public static HubProblem KeyUnknown { get; } = KeyMissing with
    {
        Slug = "key-unknown",
        Title = "The key is not one of the hub's",
        Detail = "Check the key in the header x-functions-key (or the parameter code, which takes reader and operator keys only).",
    };

    public static HubProblem RoleTooLow(HubRole has, HubRole needs) =>
        new(403, "role-too-low", "The key does not allow this", $"The key has the role {Word(has)}; this operation needs {Word(needs)}. Use a key of that role.");

    public static HubProblem NotFound(string detail) => new(404, "not-found", "There is no such thing", detail);

    public static HubProblem NoSuchPath { get; } = NotFound("Nothing is published under this path. GET /api/openapi.json lists what is.");

    public static HubProblem MethodNotAllowed(string allowed) =>
        new(405, "method-not-allowed", "The path does not take this method", $"Use {allowed}.") { Headers = One("Allow", allowed) };

    public static HubProblem Gone(string detail) => new(410, "gone", "The cursor has expired", detail);

    public static HubProblem TooLarge { get; } = new(413, "too-large", "The body is too large", "The hub takes bodies of at most 1 MiB (1,048,576 bytes). Send less in one request.");

    public static HubProblem Internal { get; } = new(500, "internal", "The hub failed", "The fault is the hub's and is in its log under the traceId. Trying again may help.");

    /// <summary>The hub cannot do it now.</summary>
    public static HubProblem Unavailable(string detail, TimeSpan? retryAfter = null)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling((retryAfter ?? TimeSpan.FromSeconds(5)).TotalSeconds));
        return new(503, "unavailable", "The hub cannot do this now", detail) { Headers = One("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) };
    }

    /// <summary>The problem as JSON. <paramref name="instance"/> is the path without query.</summary>
    public byte[] ToJson(string? instance, string? traceId)
    {
        using var buffer = new MemoryStream(512);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, TypePrefix + Slug);
            writer.WriteString("title"u8, Title);
            writer.WriteNumber("status"u8, Status);
            writer.WriteString("detail"u8, Detail);
            if (instance is not null)
                writer.WriteString("instance"u8, instance);
            if (traceId is not null)
                writer.WriteString("traceId"u8, traceId);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static string Word(HubRole role) => role switch { HubRole.Reader => "reader", HubRole.Operator => "operator", HubRole.Admin => "admin", _ => "none" };

    private static Dictionary<string, string> One(string name, string value) => new(StringComparer.OrdinalIgnoreCase) { [name] = value };
}

/// <summary>Ends a handler with a problem of the caller.</summary>
public sealed class ProblemException(HubProblem problem) : Exception(problem.Title)
{
    public HubProblem Problem { get; } = problem;

    public static ProblemException BadRequest(string detail) => new(HubProblem.BadRequest(detail));

    public static ProblemException NotFound(string detail) => new(HubProblem.NotFound(detail));
}
