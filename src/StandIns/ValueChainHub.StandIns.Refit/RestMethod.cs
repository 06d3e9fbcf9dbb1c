using System.Reflection;

namespace Refit;

/// <summary>One method of a client's interface, read once: what is sent, and what comes back.</summary>
internal sealed class RestMethod
{
    private readonly HttpMethod verb;
    private readonly PathTemplate path;
    private readonly IReadOnlyList<RestParameter> parameters;
    private readonly IReadOnlyList<(string Name, string? Value)> headers;
    private readonly IAnswer answer;

    private RestMethod(HttpMethodAttribute call, MethodInfo method)
    {
        verb = call.Method;
        path = new PathTemplate(call.Path, method);
        parameters = RestParameter.ReadAll(method, path, verb);
        headers = [.. HeadersOf(method)];
        answer = AnswerOf(method);
    }

    public static RestMethod Read(MethodInfo method) =>
        method.GetCustomAttribute<HttpMethodAttribute>() is { } call
            ? new RestMethod(call, method)
            : throw new ArgumentException($"Method \"{method.DeclaringType?.Name}.{method.Name}\" has no attribute such as [Get(\"/path\")].", nameof(method));

    /// <summary>Makes the call; what is returned is the task the method promises.</summary>
    public object Call(HttpClient client, RefitSettings settings, object?[] arguments) =>
        answer.Receive(new RestCall(client, settings, () => Write(client, settings, arguments), IsBuffered(settings), CancellationOf(arguments)));

    private HttpRequestMessage Write(HttpClient client, RefitSettings settings, object?[] arguments)
    {
        if (client.BaseAddress is not { } baseAddress)
            throw new InvalidOperationException("BaseAddress must be set on the HttpClient instance");

        var query = new QueryWriter(settings);
        var sent = new HeaderWriter(headers);
        var request = new HttpRequestMessage(verb, requestUri: (Uri?)null);
        foreach (var parameter in parameters)
        {
            var value = arguments[parameter.Position];
            switch (parameter.Role)
            {
                case ParameterRole.Body:
                    request.Content = BodyWriter.Write(parameter, value, settings);
                    break;
                case ParameterRole.Header:
                    sent.Set(parameter.Name, value?.ToString());
                    break;
                case ParameterRole.HeaderCollection:
                    sent.SetAll(value as IDictionary<string, string>);
                    break;
                case ParameterRole.Query when value is not null:
                    query.Add(parameter, value);
                    break;
            }
        }

        sent.Apply(request);
        request.RequestUri = query.Join(baseAddress, path.Fill(arguments));
        return request;
    }

    private static CancellationToken CancellationOf(object?[] arguments) =>
        arguments.OfType<CancellationToken>().FirstOrDefault();

    private bool IsBuffered(RefitSettings settings) =>
        parameters.FirstOrDefault(p => p.Role == ParameterRole.Body)?.Body?.Buffered ?? settings.Buffered;

    /// <summary>The headers of the interfaces behind the method's own first, then its own, then the method's: the last word counts.</summary>
    private static IEnumerable<(string Name, string? Value)> HeadersOf(MethodInfo method)
    {
        var type = method.DeclaringType!;
        var attributes = type.GetInterfaces().Reverse().Append(type).Select(t => t.GetCustomAttribute<HeadersAttribute>())
            .Append(method.GetCustomAttribute<HeadersAttribute>());
        foreach (var header in attributes.OfType<HeadersAttribute>().SelectMany(a => a.Headers).Where(h => !string.IsNullOrWhiteSpace(h)))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            yield return colon < 0 ? (header.Trim(), null) : (header[..colon].Trim(), header[(colon + 1)..].Trim());
        }
    }

    private static IAnswer AnswerOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
            return new NoAnswer();
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Task<>))
            throw new ArgumentException($"Method \"{method.Name}\" must return a Task or a Task<T>.", nameof(method));

        var result = type.GetGenericArguments()[0];
        return (IAnswer)Activator.CreateInstance(ShapeOf(result) is { } shape ? shape : typeof(ValueAnswer<>).MakeGenericType(result))!;
    }

    private static Type? ShapeOf(Type result)
    {
        if (result == typeof(IApiResponse))
            return typeof(ResponseAnswer<,>).MakeGenericType(result, typeof(HttpContent));
        if (!result.IsGenericType)
            return null;

        var open = result.GetGenericTypeDefinition();
        return open == typeof(IApiResponse<>) || open == typeof(ApiResponse<>)
            ? typeof(ResponseAnswer<,>).MakeGenericType(result, result.GetGenericArguments()[0])
            : null;
    }
}
