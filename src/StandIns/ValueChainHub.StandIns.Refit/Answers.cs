using System.Net;
using System.Runtime.ExceptionServices;

namespace Refit;

/// <summary>One call about to be made.</summary>
internal sealed record RestCall(
    HttpClient Client, RefitSettings Settings, Func<HttpRequestMessage> Write, bool IsBuffered, CancellationToken CancellationToken)
{
    /// <summary>Sends the request; a fault on the way is what the settings make of it.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (IsBuffered && request.Content is not null)
            await request.Content.LoadIntoBufferAsync(CancellationToken);
        try
        {
            return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken);
        }
        catch (Exception fault)
        {
            ExceptionDispatchInfo.Throw(Settings.TransportExceptionFactory(request, fault, CancellationToken));
            throw;
        }
    }

    /// <summary>Reads the body as a <typeparamref name="T"/>: as it is for text, streams and content, through the serializer for all else.</summary>
    public async Task<T?> ReadAsync<T>(HttpResponseMessage response)
    {
        var content = response.Content;
        if (typeof(T) == typeof(HttpResponseMessage))
            return (T)(object)response;
        if (typeof(T) == typeof(HttpContent))
            return (T)(object)content;
        if (typeof(T) == typeof(Stream))
            return (T)(object)await content.ReadAsStreamAsync(CancellationToken);
        if (typeof(T) == typeof(string))
            return (T)(object)await content.ReadAsStringAsync(CancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent || content.Headers.ContentLength == 0)
            return default;

        await content.LoadIntoBufferAsync(CancellationToken);
        return await Settings.ContentSerializer.FromHttpContentAsync<T>(content, CancellationToken);
    }

    /// <summary>The exception for an answer that could not be read; null when the settings say that it does not matter.</summary>
    public async Task<Exception?> UnreadableAsync(HttpRequestMessage request, HttpResponseMessage response, Exception fault) =>
        Settings.DeserializationExceptionFactory is { } make
            ? await make(response, fault)
            : await ApiException.Create("An error occured deserializing the response.", request, request.Method, response, Settings, fault);
}

/// <summary>What a method makes of its answer.</summary>
internal interface IAnswer
{
    object Receive(RestCall call);
}

/// <summary><c>Task</c>: 2xx or an exception.</summary>
internal sealed class NoAnswer : IAnswer
{
    public object Receive(RestCall call) => ReceiveAsync(call);

    private static async Task ReceiveAsync(RestCall call)
    {
        using var request = call.Write();
        using var response = await call.SendAsync(request);
        if (await call.Settings.ExceptionFactory(response) is { } exception)
            throw exception;
    }
}

/// <summary><c>Task&lt;T&gt;</c>: the body, or an exception. The whole answer, when that is asked for, is the caller's whatever its status.</summary>
internal sealed class ValueAnswer<T> : IAnswer
{
    private static readonly bool IsCallers = typeof(T) == typeof(HttpResponseMessage) || typeof(T) == typeof(HttpContent) || typeof(T) == typeof(Stream);

    public object Receive(RestCall call) => ReceiveAsync(call);

    private static async Task<T?> ReceiveAsync(RestCall call)
    {
        // Not disposed: an exception carries the request and its answer to whoever catches it.
        var request = call.Write();
        var response = await call.SendAsync(request);
        if (typeof(T) != typeof(HttpResponseMessage) && await call.Settings.ExceptionFactory(response) is { } refused)
            throw refused;
        try
        {
            return await call.ReadAsync<T>(response);
        }
        catch (Exception fault) when (!(fault is OperationCanceledException && call.CancellationToken.IsCancellationRequested))
        {
            if (await call.UnreadableAsync(request, response, fault) is { } unreadable)
                throw unreadable;
            return default;
        }
        finally
        {
            if (!IsCallers)
                response.Dispose();
        }
    }
}

/// <summary><c>Task&lt;IApiResponse&lt;T&gt;&gt;</c> and its kin: everything but the caller's own cancellation is in the value.</summary>
internal sealed class ResponseAnswer<TResponse, T> : IAnswer
{
    public object Receive(RestCall call) => ReceiveAsync(call);

    private static async Task<TResponse> ReceiveAsync(RestCall call)
    {
        var request = call.Write();
        try
        {
            var response = await call.SendAsync(request);
            var refused = await call.Settings.ExceptionFactory(response);
            return refused is null ? await ReadAsync(call, request, response) : Make(call, request, response, default, refused as ApiException);
        }
        catch (ApiExceptionBase fault)
        {
            return Make(call, request, response: null, default, fault);
        }
    }

    private static async Task<TResponse> ReadAsync(RestCall call, HttpRequestMessage request, HttpResponseMessage response)
    {
        try
        {
            return Make(call, request, response, await call.ReadAsync<T>(response), error: null);
        }
        catch (Exception fault) when (!(fault is OperationCanceledException && call.CancellationToken.IsCancellationRequested))
        {
            return Make(call, request, response, default, await call.UnreadableAsync(request, response, fault) as ApiException);
        }
    }

    private static TResponse Make(RestCall call, HttpRequestMessage request, HttpResponseMessage? response, T? content, ApiExceptionBase? error) =>
        (TResponse)(object)new ApiResponse<T>(request, response, content, call.Settings, error);
}
