using System.Text.Json;
using System.Text.RegularExpressions;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>The words of a query, taken one after the other. Keywords are compared without regard to case.</summary>
internal sealed partial class QueryTokens
{
    private readonly List<string> _words = [];
    private readonly string _text;
    private readonly JsonElement _parameters;
    private int _next;

    public QueryTokens(string text, JsonElement parameters)
    {
        (_text, _parameters) = (text, parameters);
        for (var at = 0; at < text.Length;)
        {
            var word = Word().Match(text, at);
            if (!word.Success)
                throw Unknown();
            if (!string.IsNullOrWhiteSpace(word.Value))
                _words.Add(word.Value);
            at += word.Length;
        }
    }

    public bool AtEnd => _next == _words.Count;

    /// <summary>Takes the words if they come next, all of them.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            if (_next + index >= _words.Count || !string.Equals(_words[_next + index], words[index], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        _next += words.Length;
        return true;
    }

    public void Expect(params ReadOnlySpan<string> words)
    {
        if (!Take(words))
            throw Unknown();
    }

    public string TakeWord() => AtEnd ? throw Unknown() : _words[_next++];

    /// <summary>A literal, or the value of a parameter.</summary>
    public JsonElement TakeValue()
    {
        var word = TakeWord();
        return word[0] switch
        {
            '@' => Parameter(word),
            '\'' or '"' => JsonSerializer.SerializeToElement(Literal(word)),
            >= '0' and <= '9' => JsonSerializer.SerializeToElement(int.Parse(word, System.Globalization.CultureInfo.InvariantCulture)),
            _ => throw Unknown(),
        };
    }

    /// <summary>What is inside the quotes of a string.</summary>
    public static string Literal(string word) =>
        word[0] == '"' ? JsonSerializer.Deserialize<string>(word)! : JsonSerializer.Deserialize<string>($"\"{word[1..^1].Replace("\\'", "'").Replace("\"", "\\\"")}\"")!;

    public WireRefusal Unknown() => WireRefusal.Unsupported($"the query \"{_text}\" from word {_next + 1}");

    private JsonElement Parameter(string name) =>
        _parameters.ValueKind == JsonValueKind.Array
        && _parameters.EnumerateArray().FirstOrDefault(one => one.GetProperty("name").GetString() == name) is { ValueKind: JsonValueKind.Object } parameter
            ? parameter.GetProperty("value")
            : throw WireRefusal.BadRequest($"The parameter {name} has no value.");

    [GeneratedRegex("""\G(\s+|[A-Za-z_][A-Za-z0-9_]*|@[A-Za-z0-9_]+|[0-9]+|'(\\.|[^'\\])*'|"(\\.|[^"\\])*"|<=|>=|[<>=*(),.\[\]])""", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
