namespace ValueChainHub.Hosting.Http;

/// <summary>Answers one request. A fault of the caller is a <see cref="ProblemException"/>; everything else thrown is a fault of the hub.</summary>
public delegate Task<HubReply> OperationHandler(HubRequest request, CancellationToken cancellationToken);

/// <summary>One row of the table of HTTP operations: all that a head needs to publish it and the OpenAPI document to describe it.</summary>
/// <param name="Name">Unique; the name of the function in Azure and the <c>operationId</c>.</param>
/// <param name="Method"><c>GET</c>, <c>POST</c> or <c>DELETE</c>.</param>
/// <param name="Route">The path under <see cref="HubOperations.Prefix"/>, without a leading slash.</param>
/// <param name="Role">The role a key must have.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Handler">Does it.</param>
public sealed record HubOperation(string Name, string Method, string Route, HubRole Role, string Summary, OperationHandler Handler)
{
    /// <summary>The type of the JSON body it takes, if it reads one.</summary>
    public Type? Request { get; init; }

    /// <summary>The type of the JSON body it answers; null when <see cref="ResponseContentType"/> says what it answers instead, or a free-form object.</summary>
    public Type? Response { get; init; }

    public string ResponseContentType { get; init; } = HubReply.JsonContentType;

    /// <summary>The status of success.</summary>
    public int Success { get; init; } = 200;

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>The problems it answers besides those that every operation may answer.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>Called when a body was refused for its size, so that the refusal is counted.</summary>
    public Action<HubRequest>? OnTooLarge { get; init; }

    /// <summary>The path with prefix: the template that spans and metrics name.</summary>
    public string Template { get; } = "/" + HubOperations.Prefix + "/" + Route;

    /// <summary>The name of the span.</summary>
    public string SpanName { get; } = Method + " /" + HubOperations.Prefix + "/" + Route;
}

/// <summary>A parameter of the query string.</summary>
public sealed record QueryParameter(string Name, string Description, bool Integer = false);
