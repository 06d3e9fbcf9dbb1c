using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ValueChainHub.Core;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Hosting.Telemetry;

namespace ValueChainHub.Hosting.Http;

/// <summary>Between ASP.NET and the neutral types: keys, the size limit, problems, the span. Both heads answer every request through it.</summary>
/// <param name="keys">Who may do what.</param>
/// <param name="publicUrl">Scheme, host and path base that vendors see, or null to trust the request.</param>
/// <param name="time">Measures how long an answer took.</param>
/// <param name="logger">Told of faults of the hub, never of what a request held.</param>
/// <param name="stopping">Ends when the head is told to stop.</param>
public sealed partial class HubHttp(HubKeys keys, Uri? publicUrl, TimeProvider time, ILogger<HubHttp> logger, CancellationToken stopping)
{
    private const int ClientClosedRequest = 499;

    private static readonly Uri UnknownUrl = new("http://localhost/");

    private long _answered;

    /// <summary>Requests answered by an operation so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Answers a request by an operation. Does not throw: what the operation throws becomes a problem.</summary>
    public async Task AnswerAsync(HttpContext context, HubOperation operation)
    {
        var started = time.GetTimestamp();
        using var span = StartSpan(context.Request, operation);
        var reply = await ReplyAsync(context, operation);
        if (reply is not null)
            await WriteAsync(context, reply, operation.Role);
        var status = reply?.Status ?? ClientClosedRequest;
        EndSpan(span, status);
        Interlocked.Increment(ref _answered);
        if (reply?.Stream is null)
            HostMetrics.RecordHttp(operation.Method, operation.Template, status, time.GetElapsedTime(started));
    }

    /// <summary>Answers a request that no operation takes.</summary>
    public Task RefuseAsync(HttpContext context, HubProblem problem) => WriteAsync(context, ToReply(context, problem), HubRole.None);

    /// <summary>The reply, or null when the caller has left.</summary>
    private async Task<HubReply?> ReplyAsync(HttpContext context, HubOperation operation)
    {
        try
        {
            if (keys.Check(operation.Role, context.Request.Headers[HubKeys.HeaderName], context.Request.Query[HubKeys.QueryName], out var role) is { } refusal)
                return ToReply(context, refusal);
            if (await ReadRequestAsync(context, operation, role) is not { } request)
                return TooLarge(context);
            return await operation.Handler(request, context.RequestAborted);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault)
        {
            return ToReply(context, ProblemOf(fault, operation));
        }
    }

    private async ValueTask<HubRequest?> ReadRequestAsync(HttpContext context, HubOperation operation, HubRole role)
    {
        var http = context.Request;
        ReadOnlyMemory<byte>? body = operation.Method == HttpMethods.Get ? ReadOnlyMemory<byte>.Empty : await BodyReader.ReadAsync(http, context.RequestAborted);
        var request = new HubRequest(operation.Method, UrlOf(context), new RequestHeaders(http.Headers), body ?? default)
        {
            Route = http.RouteValues.Count == 0
                ? NoValues
                : http.RouteValues.ToDictionary(value => value.Key, value => value.Value as string ?? "", StringComparer.Ordinal),
            Query = http.QueryString.HasValue
                ? http.Query.Where(value => value.Key != HubKeys.QueryName).ToDictionary(value => value.Key, value => value.Value[0] ?? "", StringComparer.Ordinal)
                : NoValues,
            Role = role,
            Stopping = stopping,
        };
        if (body is not null)
            return request;
        operation.OnTooLarge?.Invoke(request);
        return null;
    }

    private static readonly IReadOnlyDictionary<string, string> NoValues = new Dictionary<string, string>(StringComparer.Ordinal);

    private static HubReply TooLarge(HttpContext context)
    {
        // What is left of the body is not worth reading; the connection ends with the answer.
        context.Response.Headers.Connection = "close";
        return ToReply(context, HubProblem.TooLarge);
    }

    /// <summary>The URL as the vendor called it. Its path and query are the raw bytes of the request line, because vendors sign those.</summary>
    private Uri UrlOf(HttpContext context)
    {
        var request = context.Request;
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var target = raw is ['/', ..] ? raw : request.PathBase.Add(request.Path).ToUriComponent() + request.QueryString.ToUriComponent();
        var origin = publicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host.ToUriComponent()}";
        return Uri.TryCreate(origin + target, UriKind.Absolute, out var url) ? url : UnknownUrl;
    }

    private HubProblem ProblemOf(Exception fault, HubOperation operation)
    {
        switch (fault)
        {
            case ProblemException problem:
                return problem.Problem;
            case ContinuationExpiredException:
                return HubProblem.Gone("What the cursor points at is no longer kept. Start again without a cursor.");
            case StoreUnavailableException store:
                LogUnavailable(logger, operation.Name, "store");
                return HubProblem.Unavailable("The store does not answer. Send the request again after the time in Retry-After.", store.RetryAfter);
            case BusUnavailableException:
                LogUnavailable(logger, operation.Name, "bus");
                return HubProblem.Unavailable("The message bus does not answer. Send the request again after the time in Retry-After.");
            case BadHttpRequestException { StatusCode: 413 }:
                return HubProblem.TooLarge;
            case BadHttpRequestException:
                return HubProblem.BadRequest("The request breaks the rules of HTTP, or its body came too slowly.");
            default:
                LogFault(logger, operation.Name, Fault.Describe(fault));
                return HubProblem.Internal;
        }
    }

    private static HubReply ToReply(HttpContext context, HubProblem problem) =>
        HubReply.Of(problem, (context.Request.PathBase + context.Request.Path).ToUriComponent(), Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);

    private async Task WriteAsync(HttpContext context, HubReply reply, HubRole role)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (role != HubRole.None || reply.Status >= 400 || reply.Stream is not null)
            response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        try
        {
            if (reply.Stream is not null)
                await WriteStreamAsync(context, reply.Stream);
            else
                await WriteBodyAsync(response, reply.Body, context.RequestAborted);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            // The caller has left, or the head stops: nobody is there to be told.
        }
    }

    private static async Task WriteBodyAsync(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken);
    }

    private async Task WriteStreamAsync(HttpContext context, Func<Stream, CancellationToken, Task> write)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await context.Response.StartAsync(ends.Token);
        try
        {
            await write(context.Response.Body, ends.Token);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or IOException))
        {
            // The status is sent; ending the stream makes the caller resume with Last-Event-ID.
            LogFault(logger, "stream", Fault.Describe(fault));
        }
    }

    private static Activity? StartSpan(HttpRequest request, HubOperation operation)
    {
        if (!HubTelemetry.Activities.HasListeners())
            return null;
        var hasParent = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var parent);
        var span = HubTelemetry.Activities.StartActivity(operation.SpanName, ActivityKind.Server, hasParent ? parent : Activity.Current?.Context ?? default);
        span?.SetTag("http.request.method", operation.Method);
        span?.SetTag("http.route", operation.Template);
        return span;
    }

    private static void EndSpan(Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        if (status >= 500)
            span?.SetStatus(ActivityStatusCode.Error);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The operation {Operation} failed: {Fault}")]
    private static partial void LogFault(ILogger logger, string operation, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operation {Operation} was refused because the {Part} does not answer")]
    private static partial void LogUnavailable(ILogger logger, string operation, string part);
}
