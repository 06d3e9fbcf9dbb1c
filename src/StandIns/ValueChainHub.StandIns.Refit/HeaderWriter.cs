namespace Refit;

/// <summary>The headers of one call: those declared first, then those of the arguments; the last value of a name counts, null removes it.</summary>
internal sealed class HeaderWriter
{
    private readonly Dictionary<string, string?> headers = new(StringComparer.Ordinal);

    public HeaderWriter(IEnumerable<(string Name, string? Value)> declared)
    {
        foreach (var (name, value) in declared)
            Set(name, value);
    }

    public void Set(string name, string? value) => headers[name] = value;

    public void SetAll(IDictionary<string, string>? values)
    {
        foreach (var (name, value) in values ?? new Dictionary<string, string>())
            Set(name, value);
    }

    public void Apply(HttpRequestMessage request)
    {
        if (headers.Count == 0)
            return;

        // A header may be one of the content's, so a method that may have content gets some.
        if (request.Content is null && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            request.Content = new ByteArrayContent([]);
        foreach (var (name, value) in headers)
            Apply(request, OneLine(name), value);
    }

    private static void Apply(HttpRequestMessage request, string name, string? value)
    {
        if (request.Headers.NonValidated.Contains(name))
            request.Headers.Remove(name);
        if (request.Content?.Headers.NonValidated.Contains(name) == true)
            request.Content.Headers.Remove(name);
        if (value is not null && !request.Headers.TryAddWithoutValidation(name, OneLine(value)))
            request.Content?.Headers.TryAddWithoutValidation(name, OneLine(value));
    }

    /// <summary>A line break would begin a header of the argument's choosing.</summary>
    private static string OneLine(string text) =>
        text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
