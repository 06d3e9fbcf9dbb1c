using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Server;

/// <summary>Publishes the table of operations on Kestrel.</summary>
public static class HubEndpoints
{
    public static void MapHub(this IEndpointRouteBuilder app, HubHttp http, IReadOnlyList<HubOperation> operations)
    {
        foreach (var operation in operations)
            app.MapMethods(operation.Template, [operation.Method], (RequestDelegate)(context => http.AnswerAsync(context, operation)));

        // After the rows of a path, whatever other method: named as a problem with what is allowed.
        foreach (var path in operations.GroupBy(operation => operation.Template, StringComparer.Ordinal))
        {
            var problem = HubProblem.MethodNotAllowed(string.Join(", ", path.Select(operation => operation.Method)));
            app.Map(path.Key, (RequestDelegate)(context => http.RefuseAsync(context, problem))).WithOrder(1);
        }
        app.MapFallback("{**path}", (RequestDelegate)(context => http.RefuseAsync(context, HubProblem.NoSuchPath)));
    }
}
