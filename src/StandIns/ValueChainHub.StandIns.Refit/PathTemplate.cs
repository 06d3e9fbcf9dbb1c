using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Refit;

/// <summary>A path with places for arguments: <c>{name}</c>, escaped whole, and <c>{**name}</c>, whose slashes stay slashes.</summary>
internal sealed partial class PathTemplate
{
    private readonly string template;
    private readonly Dictionary<string, ParameterInfo> places;

    public PathTemplate(string template, MethodInfo method)
    {
        this.template = template;
        if (template.Length > 0 && !template.StartsWith('/'))
            throw new ArgumentException($"URL path {template} must start with '/' and be of the form '/foo/bar/baz'", nameof(template));

        var byName = method.GetParameters().ToDictionary(RestParameter.NameOf, StringComparer.OrdinalIgnoreCase);
        places = Place().Matches(template).Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(name => name, name => Find(byName, name), StringComparer.OrdinalIgnoreCase);
    }

    public bool Uses(ParameterInfo parameter) => places.ContainsValue(parameter);

    public string Fill(object?[] arguments)
    {
        var path = new StringBuilder();
        var index = 0;
        foreach (Match place in Place().Matches(template))
        {
            path.Append(template, index, place.Index - index);
            index = place.Index + place.Length;
            var parameter = places[NameOf(place)];
            var text = WireText.Of(arguments[parameter.Position], parameter.GetCustomAttribute<QueryAttribute>()?.Format);
            if (text is null && place.Groups["optional"].Success)
            {
                // Without its value an optional place takes the slash before it away too.
                if (path.Length > 0 && path[^1] == '/')
                    path.Length--;
                continue;
            }

            path.Append(place.Groups["rest"].Success ? EscapeEach(text ?? "") : Uri.EscapeDataString(text ?? ""));
        }

        return path.Append(template, index, template.Length - index).ToString();
    }

    private static string EscapeEach(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));

    private static string NameOf(Match place) => place.Groups["name"].Value;

    private ParameterInfo Find(Dictionary<string, ParameterInfo> byName, string name) =>
        byName.TryGetValue(name, out var parameter)
            ? parameter
            : throw new ArgumentException($"URL {template} has parameter {name}, but no method parameter matches");

    [GeneratedRegex(@"\{(?<rest>\*\*)?(?<name>[^/?{}]+)(?<optional>\?)?\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
