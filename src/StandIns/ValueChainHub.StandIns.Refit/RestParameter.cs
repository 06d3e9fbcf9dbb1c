using System.Reflection;

namespace Refit;

/// <summary>Where an argument goes.</summary>
internal enum ParameterRole
{
    Query,
    Path,
    Header,
    HeaderCollection,
    Body,
    Cancellation,
}

/// <summary>One parameter of a call, and where its argument goes.</summary>
internal sealed record RestParameter(ParameterInfo Info, string Name, ParameterRole Role, QueryAttribute Query, BodyAttribute? Body)
{
    public int Position => Info.Position;

    public static IReadOnlyList<RestParameter> ReadAll(MethodInfo method, PathTemplate path, HttpMethod verb)
    {
        var parameters = method.GetParameters();
        var body = BodyOf(method, parameters, path, verb);
        return [.. parameters.Select(p => Read(p, path, p == body))];
    }

    public static string NameOf(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AliasAsAttribute>()?.Name ?? parameter.Name!;

    private static RestParameter Read(ParameterInfo parameter, PathTemplate path, bool isBody)
    {
        var header = parameter.GetCustomAttribute<HeaderAttribute>();
        var role = IsCancellation(parameter) ? ParameterRole.Cancellation
            : path.Uses(parameter) ? ParameterRole.Path
            : isBody ? ParameterRole.Body
            : header is not null ? ParameterRole.Header
            : parameter.IsDefined(typeof(HeaderCollectionAttribute)) ? ParameterRole.HeaderCollection
            : ParameterRole.Query;
        return new RestParameter(
            parameter,
            header?.Header.Trim() ?? NameOf(parameter),
            role,
            parameter.GetCustomAttribute<QueryAttribute>() ?? new QueryAttribute(),
            parameter.GetCustomAttribute<BodyAttribute>());
    }

    /// <summary>The parameter marked as the body; else, where a body is usual, the only parameter that is an object with nothing else to say.</summary>
    private static ParameterInfo? BodyOf(MethodInfo method, ParameterInfo[] parameters, PathTemplate path, HttpMethod verb)
    {
        var marked = parameters.Where(p => p.IsDefined(typeof(BodyAttribute))).ToList();
        if (marked.Count > 1)
            throw new ArgumentException($"Method \"{method.Name}\": only one parameter can be a Body parameter.", nameof(method));
        if (marked.Count == 1)
            return marked[0];
        if (verb != HttpMethod.Post && verb != HttpMethod.Put && verb != HttpMethod.Patch)
            return null;

        var candidates = parameters.Where(p => IsPlainObject(p) && !path.Uses(p)).ToList();
        return candidates.Count > 1
            ? throw new ArgumentException($"Method \"{method.Name}\": several complex types; mark one of them with [Body].", nameof(method))
            : candidates.SingleOrDefault();
    }

    private static bool IsPlainObject(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(string)
        && !parameter.IsDefined(typeof(QueryAttribute)) && !parameter.IsDefined(typeof(HeaderAttribute)) && !parameter.IsDefined(typeof(HeaderCollectionAttribute));

    private static bool IsCancellation(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(CancellationToken) || parameter.ParameterType == typeof(CancellationToken?);
}
