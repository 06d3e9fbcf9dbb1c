using System.Collections;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using System.Web;

namespace Refit;

/// <summary>Collects the parameters of a query string, in the order in which they are declared.</summary>
internal sealed class QueryWriter(RefitSettings settings)
{
    private readonly List<(string Name, string? Value)> entries = [];

    public void Add(RestParameter parameter, object value)
    {
        var query = parameter.Query;
        if (query.TreatAsString || query.Format is { Length: 0 })
            entries.Add((parameter.Name, value.ToString()));
        else if (WireText.IsPlain(value))
            AddValues(parameter.Name, value, query, inherited: null);
        else
            AddMembers(string.IsNullOrWhiteSpace(query.Prefix) ? "" : query.Prefix + query.Delimiter, value, query);
    }

    /// <summary>The address below the base address: its own path first, then the call's; a query in the call's path comes before the parameters.</summary>
    public Uri Join(Uri baseAddress, string path)
    {
        var target = new UriBuilder(new Uri(new Uri("http://base"), baseAddress.AbsolutePath.TrimEnd('/') + path));
        var declared = HttpUtility.ParseQueryString(target.Query);
        var all = declared.AllKeys.Where(key => !string.IsNullOrWhiteSpace(key)).Select(key => (Name: key!, Value: declared[key]))
            .Concat(entries)
            .Where(entry => entry.Value is not null)
            .Select(entry => $"{Uri.EscapeDataString(entry.Name)}={Uri.EscapeDataString(entry.Value!)}");
        target.Query = string.Join('&', all);
        return new Uri(target.Uri.PathAndQuery, UriKind.Relative);
    }

    private void AddMembers(string prefix, object value, QueryAttribute query)
    {
        foreach (var (name, member, own) in MembersOf(value))
        {
            if (member is null)
            {
                if (own?.SerializeNull == true)
                    entries.Add((prefix + name, ""));
            }
            else if (WireText.IsPlain(member))
            {
                AddValues(prefix + name, member, own ?? new QueryAttribute { Format = query.Format }, query);
            }
            else
            {
                AddMembers(prefix + name + query.Delimiter, member, query);
            }
        }
    }

    private IEnumerable<(string Name, object? Value, QueryAttribute? Query)> MembersOf(object value)
    {
        if (value is IDictionary map)
        {
            foreach (DictionaryEntry entry in map)
            {
                if (entry.Value is not null && WireText.Of(entry.Key, format: null) is { } key && !string.IsNullOrWhiteSpace(key))
                    yield return (key, entry.Value, null);
            }

            yield break;
        }

        foreach (var property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0 || IsIgnored(property))
                continue;

            var own = property.GetCustomAttribute<QueryAttribute>();
            var name = property.GetCustomAttribute<AliasAsAttribute>()?.Name ?? settings.ContentSerializer.GetFieldNameForProperty(property) ?? property.Name;
            yield return (string.IsNullOrWhiteSpace(own?.Prefix) ? name : own.Prefix + own.Delimiter + name, property.GetValue(value), own);
        }
    }

    private static bool IsIgnored(PropertyInfo property) =>
        property.IsDefined(typeof(IgnoreDataMemberAttribute)) || property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Always;

    private void AddValues(string name, object value, QueryAttribute query, QueryAttribute? inherited)
    {
        if (value is string or not IEnumerable)
        {
            entries.Add((name, WireText.Of(value, query.Format)));
            return;
        }

        var texts = ((IEnumerable)value).Cast<object?>().Select(item => WireText.Of(item, query.Format));
        var format = query.IsCollectionFormatSpecified ? query.CollectionFormat
            : inherited is { IsCollectionFormatSpecified: true } ? inherited.CollectionFormat
            : settings.CollectionFormat;
        if (format == CollectionFormat.Multi)
            entries.AddRange(texts.Select(text => (name, text)));
        else
            entries.Add((name, string.Join(Between(format), texts)));
    }

    private static string Between(CollectionFormat format) => format switch
    {
        CollectionFormat.Ssv => " ",
        CollectionFormat.Tsv => "\t",
        CollectionFormat.Pipes => "|",
        _ => ",",
    };
}
