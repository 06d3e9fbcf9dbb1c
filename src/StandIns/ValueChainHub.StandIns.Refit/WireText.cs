using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;

namespace Refit;

/// <summary>How single values read in a path or a query.</summary>
internal static class WireText
{
    /// <summary>The value by the invariant culture; an enumeration by its <see cref="EnumMemberAttribute"/> when it has one.</summary>
    public static string? Of(object? value, string? format) => value switch
    {
        null => null,
        string text => text,
        Enum member when EnumMember(member) is { } name => name,
        IFormattable formattable => formattable.ToString(string.IsNullOrWhiteSpace(format) ? null : format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A single value, or a list of single values: what is written as it is rather than property by property.</summary>
    public static bool IsPlain(object value) =>
        IsScalar(value.GetType()) || (value is IEnumerable && ElementOf(value.GetType()) is { } element && IsScalar(element));

    private static bool IsScalar(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(string) || plain == typeof(bool) || plain == typeof(char) || plain == typeof(Uri) || typeof(IFormattable).IsAssignableFrom(plain);
    }

    private static Type? ElementOf(Type type) =>
        type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static string? EnumMember(Enum member) =>
        member.GetType().GetField(member.ToString())?.GetCustomAttribute<EnumMemberAttribute>()?.Value;
}
