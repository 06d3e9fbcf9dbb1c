namespace Refit;

/// <summary>The name of a parameter or property on the wire.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class AliasAsAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>The parameter is a header's value; null removes the header.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderAttribute(string header) : Attribute
{
    public string Header { get; } = header;
}

/// <summary>The parameter, an <c>IDictionary&lt;string, string&gt;</c>, holds headers.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderCollectionAttribute : Attribute;

/// <summary>The parameter is the request's body.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BodyAttribute : Attribute
{
    public BodyAttribute()
    {
    }

    public BodyAttribute(bool buffered) => Buffered = buffered;

    public BodyAttribute(BodySerializationMethod serializationMethod) => SerializationMethod = serializationMethod;

    public BodyAttribute(BodySerializationMethod serializationMethod, bool buffered)
    {
        SerializationMethod = serializationMethod;
        Buffered = buffered;
    }

    public bool? Buffered { get; }

    public BodySerializationMethod SerializationMethod { get; } = BodySerializationMethod.Default;
}

/// <summary>How a body becomes bytes.</summary>
public enum BodySerializationMethod
{
    /// <summary>Content, streams and strings go as they are, all else through the serializer.</summary>
    Default = 0,

    /// <summary>A form: one field for each property or key.</summary>
    UrlEncoded = 2,

    /// <summary>Everything goes through the serializer, strings too.</summary>
    Serialized = 3,
}

/// <summary>The parameter, or each of its properties, goes into the query string.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class QueryAttribute : Attribute
{
    private CollectionFormat? collectionFormat;

    public QueryAttribute()
    {
    }

    public QueryAttribute(string delimiter) => Delimiter = delimiter;

    public QueryAttribute(string delimiter, string prefix)
    {
        Delimiter = delimiter;
        Prefix = prefix;
    }

    public QueryAttribute(string delimiter, string prefix, string format)
    {
        Delimiter = delimiter;
        Prefix = prefix;
        Format = format;
    }

    public QueryAttribute(CollectionFormat collectionFormat) => CollectionFormat = collectionFormat;

    /// <summary>Between the names of nested properties, and between a prefix and a name.</summary>
    public string Delimiter { get; } = ".";

    public string? Prefix { get; }

    /// <summary>The format of a formattable value, by the invariant culture.</summary>
    public string? Format { get; set; }

    /// <summary>The value's own text is sent, its properties are not.</summary>
    public bool TreatAsString { get; set; }

    /// <summary>A property that is null is sent as empty text rather than left out.</summary>
    public bool SerializeNull { get; set; }

    public CollectionFormat CollectionFormat
    {
        get => collectionFormat.GetValueOrDefault();
        set => collectionFormat = value;
    }

    public bool IsCollectionFormatSpecified => collectionFormat.HasValue;
}

/// <summary>How several values of one query parameter are written.</summary>
public enum CollectionFormat
{
    /// <summary>As the settings say; there, joined by commas.</summary>
    RefitParameterFormatter = 0,

    /// <summary>Joined by commas.</summary>
    Csv = 1,

    /// <summary>Joined by spaces.</summary>
    Ssv = 2,

    /// <summary>Joined by tabs.</summary>
    Tsv = 3,

    /// <summary>Joined by bars.</summary>
    Pipes = 4,

    /// <summary>The name is repeated for each value.</summary>
    Multi = 5,
}
