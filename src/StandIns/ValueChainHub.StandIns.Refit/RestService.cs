using System.Reflection;

namespace Refit;

/// <summary>Makes a client of an interface whose methods say which call they are.</summary>
public static class RestService
{
    public static T For<T>(HttpClient client) => For<T>(client, settings: null);

    /// <summary>Makes a client that sends through <paramref name="client"/>, below its base address.</summary>
    /// <exception cref="ArgumentException">A method of the interface is not a call that can be made.</exception>
    public static T For<T>(HttpClient client, RefitSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        var proxy = DispatchProxy.Create<T, RestProxy>();
        ((RestProxy)(object)proxy!).Connect(typeof(T), client, settings ?? new RefitSettings());
        return proxy;
    }
}

/// <summary>What stands behind the interface; made by <see cref="RestService"/> alone.</summary>
public class RestProxy : DispatchProxy
{
    private readonly Dictionary<MethodInfo, RestMethod> methods = [];
    private HttpClient client = null!;
    private RefitSettings settings = null!;

    internal void Connect(Type contract, HttpClient httpClient, RefitSettings refitSettings)
    {
        client = httpClient;
        settings = refitSettings;
        foreach (var type in contract.GetInterfaces().Append(contract))
        {
            foreach (var method in type.GetMethods())
                methods.Add(method, RestMethod.Read(method));
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        methods[targetMethod!].Call(client, settings, args ?? []);
}
