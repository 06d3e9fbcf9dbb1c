using System.Net;
using System.Net.Http.Headers;

namespace Refit;

/// <summary>A call that failed, with the request that was made.</summary>
public abstract class ApiExceptionBase : Exception
{
    protected ApiExceptionBase(string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, RefitSettings refitSettings, Exception? innerException)
        : base(exceptionMessage, innerException)
    {
        RequestMessage = message;
        HttpMethod = httpMethod;
        RefitSettings = refitSettings;
    }

    public HttpMethod HttpMethod { get; }

    public Uri? Uri => RequestMessage.RequestUri;

    public HttpRequestMessage RequestMessage { get; }

    public RefitSettings RefitSettings { get; }
}

/// <summary>A call that got no answer: no connection, a broken one, or the client's time-out. The cause is the inner exception.</summary>
public class ApiRequestException : ApiExceptionBase
{
    public ApiRequestException(HttpRequestMessage message, HttpMethod httpMethod, RefitSettings refitSettings, Exception innerException)
        : base(innerException.Message, message, httpMethod, refitSettings, innerException)
    {
    }
}

/// <summary>A call whose answer was a failure, or could not be read (then there is an inner exception).</summary>
public class ApiException : ApiExceptionBase
{
    protected ApiException(string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, string? content, HttpStatusCode statusCode,
        string? reasonPhrase, HttpResponseHeaders headers, RefitSettings refitSettings, Exception? innerException)
        : base(exceptionMessage, message, httpMethod, refitSettings, innerException)
    {
        StatusCode = statusCode;
        ReasonPhrase = reasonPhrase;
        Headers = headers;
        Content = content;
    }

    public HttpStatusCode StatusCode { get; }

    public string? ReasonPhrase { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders? ContentHeaders { get; protected set; }

    /// <summary>The answer's body as text.</summary>
    public string? Content { get; set; }

    public bool HasContent => !string.IsNullOrWhiteSpace(Content);

    /// <summary>Makes the exception for an answer that is not 2xx; its body is read here.</summary>
    public static Task<ApiException> Create(HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response, RefitSettings refitSettings)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.IsSuccessStatusCode)
            throw new ArgumentException("A successful answer is not an exception.", nameof(response));

        var text = $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase}).";
        return Create(text, message, httpMethod, response, refitSettings, innerException: null);
    }

    public static async Task<ApiException> Create(string exceptionMessage, HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response,
        RefitSettings refitSettings, Exception? innerException)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(refitSettings);
        var exception = new ApiException(exceptionMessage, message, httpMethod, content: null, response.StatusCode, response.ReasonPhrase,
            response.Headers, refitSettings, innerException)
        {
            ContentHeaders = response.Content.Headers,
            Content = await ReadAsync(response.Content, refitSettings.MaxExceptionContentLength),
        };
        refitSettings.ExceptionRedactor?.Invoke(exception);
        return exception;
    }

    /// <summary>Reads the body once more, as a <typeparamref name="T"/>; the default value when there is none.</summary>
    public async Task<T?> GetContentAsAsync<T>()
    {
        if (!HasContent)
            return default;

        using var content = new StringContent(Content!);
        return await RefitSettings.ContentSerializer.FromHttpContentAsync<T>(content);
    }

    private static async Task<string?> ReadAsync(HttpContent content, int? limit)
    {
        try
        {
            if (limit is not { } most)
                return await content.ReadAsStringAsync();

            using var reader = new StreamReader(await content.ReadAsStreamAsync());
            var buffer = new char[Math.Max(0, most)];
            return new string(buffer, 0, await reader.ReadBlockAsync(buffer));
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException or InvalidOperationException or ArgumentException)
        {
            // The answer already failed; that its body broke off as well must not hide its status.
            return null;
        }
    }
}
