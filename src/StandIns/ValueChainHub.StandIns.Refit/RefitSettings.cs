namespace Refit;

/// <summary>What a client may be told about how to speak.</summary>
public class RefitSettings
{
    public RefitSettings()
        : this(new SystemTextJsonContentSerializer())
    {
    }

    public RefitSettings(IHttpContentSerializer contentSerializer)
    {
        ArgumentNullException.ThrowIfNull(contentSerializer);
        ContentSerializer = contentSerializer;
        ExceptionFactory = CreateApiExceptionAsync;
        TransportExceptionFactory = CreateTransportException;
    }

    public IHttpContentSerializer ContentSerializer { get; set; }

    /// <summary>How several values of one query parameter are written unless the parameter says so itself.</summary>
    public CollectionFormat CollectionFormat { get; set; } = CollectionFormat.RefitParameterFormatter;

    /// <summary>Bodies are written to memory before they are sent, and so have a length.</summary>
    public bool Buffered { get; set; }

    /// <summary>The number of characters kept of the body of a failed answer; all of them when null.</summary>
    public int? MaxExceptionContentLength { get; set; }

    /// <summary>Sees every exception before it is thrown, and may take secrets out of it.</summary>
    public Action<ApiExceptionBase>? ExceptionRedactor { get; set; }

    /// <summary>Makes the exception for an answer; null lets the answer pass. By default an <see cref="ApiException"/> unless 2xx.</summary>
    public Func<HttpResponseMessage, ValueTask<Exception?>> ExceptionFactory { get; set; }

    /// <summary>Makes the exception for an answer that could not be read; null gives the caller the default value.</summary>
    public Func<HttpResponseMessage, Exception, ValueTask<Exception?>>? DeserializationExceptionFactory { get; set; }

    /// <summary>
    /// Makes the exception for a call that got no answer. By default the caller's own cancellation stays what it is and all else,
    /// the client's time-out too, is inside an <see cref="ApiRequestException"/>.
    /// </summary>
    public Func<HttpRequestMessage, Exception, CancellationToken, Exception> TransportExceptionFactory { get; set; }

    private async ValueTask<Exception?> CreateApiExceptionAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return null;

        var request = response.RequestMessage ?? throw new InvalidOperationException("The answer does not say which request it belongs to.");
        return await ApiException.Create(request, request.Method, response, this);
    }

    private Exception CreateTransportException(HttpRequestMessage request, Exception fault, CancellationToken cancellationToken) =>
        fault is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? fault
            : new ApiRequestException(request, request.Method, this, fault);
}
