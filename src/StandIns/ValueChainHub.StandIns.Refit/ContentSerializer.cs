using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Refit;

/// <summary>Turns bodies into content and content into answers.</summary>
public interface IHttpContentSerializer
{
    HttpContent ToHttpContent<T>(T item);

    Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default);

    /// <summary>The name the serializer gives a property, or null when it has no opinion.</summary>
    string? GetFieldNameForProperty(PropertyInfo propertyInfo);
}

/// <summary>JSON by System.Text.Json: camel case, names compared without regard to case, enumerations as text.</summary>
public sealed class SystemTextJsonContentSerializer(JsonSerializerOptions jsonSerializerOptions) : IHttpContentSerializer
{
    public SystemTextJsonContentSerializer()
        : this(GetDefaultJsonSerializerOptions())
    {
    }

    public JsonSerializerOptions SerializerOptions => jsonSerializerOptions;

    public static JsonSerializerOptions GetDefaultJsonSerializerOptions() => new()
    {
        PropertyNameCaseInsensitive = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public HttpContent ToHttpContent<T>(T item) =>
        item is not null && (typeof(T).IsInterface || typeof(T).IsAbstract) && !IsPolymorphic(typeof(T))
            ? JsonContent.Create(item, item.GetType(), mediaType: null, jsonSerializerOptions)
            : JsonContent.Create(item, mediaType: null, jsonSerializerOptions);

    public Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default) =>
        content.ReadFromJsonAsync<T>(jsonSerializerOptions, cancellationToken);

    public string? GetFieldNameForProperty(PropertyInfo propertyInfo)
    {
        ArgumentNullException.ThrowIfNull(propertyInfo);
        return propertyInfo.GetCustomAttribute<JsonPropertyNameAttribute>(inherit: true)?.Name;
    }

    private bool IsPolymorphic(Type type) =>
        type.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false)
        || type.IsDefined(typeof(JsonDerivedTypeAttribute), inherit: false)
        || (jsonSerializerOptions.TypeInfoResolver?.GetTypeInfo(type, jsonSerializerOptions) is JsonTypeInfo { PolymorphismOptions: not null });
}
