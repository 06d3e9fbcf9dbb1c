using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

/// <summary>A document with one operation, read with its variables. Fragments and directives are not read: they are refused, never passed over.</summary>
internal sealed partial class GraphQlDocument
{
    private const string End = "";

    private readonly List<string> _words;
    private readonly JsonObject _variables;
    private int _at;

    private GraphQlDocument(string text, JsonObject variables)
    {
        _words = [.. Words().Matches(text).Select(match => match.Value).Where(word => !IsBlank(word))];
        _variables = variables;
    }

    /// <summary>The fields at the root, and whether they are to change something.</summary>
    public static (bool IsMutation, IReadOnlyList<GraphQlField> Fields) Read(string text, JsonObject variables)
    {
        var document = new GraphQlDocument(text, variables);
        var isMutation = document.Head();
        var fields = document.Selection();
        document.Expect(End);
        return (isMutation, fields);
    }

    private static bool IsBlank(string word) => string.IsNullOrWhiteSpace(word) || word[0] is ',' or '#';

    private string Word => _at < _words.Count ? _words[_at] : End;

    private bool Head()
    {
        if (Word == "{")
            return false;
        var isMutation = Word == "mutation";
        if (!isMutation)
            Expect("query");
        else
            _at++;
        if (IsName(Word))
            _at++;
        if (Take("("))
        {
            while (!Take(")"))
                Variable();
        }
        return isMutation;
    }

    /// <summary><c>$first: Int! = 1</c></summary>
    private void Variable()
    {
        Expect("$");
        var name = Name();
        Expect(":");
        var (type, depth) = ("", 0);
        while (Word is not ("$" or ")" or "=" or End) || depth > 0)
        {
            depth += Word switch { "[" => 1, "]" => -1, _ => 0 };
            type += Next();
        }
        var fallback = Take("=") ? Value() : null;
        if (!_variables.ContainsKey(name) && fallback is not null)
            _variables[name] = fallback;
        if (type.EndsWith('!') && _variables[name] is null)
            throw new GraphQlException("INVALID_VARIABLE", $"Variable ${name} of type {type} was provided invalid value");
    }

    private List<GraphQlField> Selection()
    {
        Expect("{");
        var fields = new List<GraphQlField>();
        while (!Take("}"))
            fields.Add(Field());
        return fields;
    }

    private GraphQlField Field()
    {
        var (alias, name) = (Name(), (string?)null);
        if (Take(":"))
            name = Name();
        var arguments = Take("(") ? Members(")") : [];
        return new(name ?? alias, alias, arguments, Word == "{" ? Selection() : []);
    }

    private JsonObject Members(string end)
    {
        var members = new JsonObject();
        while (!Take(end))
        {
            var name = Name();
            Expect(":");
            if (Word == "$" && !_variables.ContainsKey(_words[Math.Min(_at + 1, _words.Count - 1)]))
                _at += 2;
            else
                members[name] = Value();
        }
        return members;
    }

    private JsonNode? Value()
    {
        var word = Next();
        switch (word)
        {
            case "$":
                return _variables[Name()]?.DeepClone();
            case "[":
                var list = new JsonArray();
                while (!Take("]"))
                    list.Add(Value());
                return list;
            case "{":
                return Members("}");
            case "null":
                return null;
            case "true" or "false":
                return word == "true";
        }
        if (word.StartsWith('"'))
            return JsonNode.Parse(word);
        if (long.TryParse(word, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return IsName(word) ? word : decimal.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : throw Unexpected(word);
    }

    private string Name() => IsName(Word) ? Next() : throw Unexpected(Word);

    private static bool IsName(string word) => word.Length > 0 && (char.IsAsciiLetter(word[0]) || word[0] == '_');

    private string Next()
    {
        var word = Word;
        _at++;
        return word == End ? throw Unexpected(word) : word;
    }

    private bool Take(string word)
    {
        if (Word != word)
            return false;
        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
            throw Unexpected(Word);
    }

    private static GraphQlException Unexpected(string word) => new("parseError", word == End ? "syntax error, unexpected end of file" : $"syntax error, unexpected {word}");

    /// <summary>Strings, numbers, names, signs, and what is passed over; anything else is a word of its own that nothing expects.</summary>
    [GeneratedRegex("\"([^\"\\\\]|\\\\.)*\"|-?[0-9]+(\\.[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|\\.\\.\\.|#[^\\n]*|[\\s,]+|.", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
