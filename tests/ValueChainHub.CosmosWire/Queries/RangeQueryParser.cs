using System.Text.Json;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Queries;

/// <summary>
/// <c>SELECT [TOP n] (* | c | VALUE c | c.a [AS b], ...) FROM [root] c [WHERE condition [AND ...]] [ORDER BY c.id [ASC|DESC]] [OFFSET 0 LIMIT n]</c>,
/// a condition being <c>c.id (=|&lt;|&lt;=|&gt;|&gt;=) value</c> or <c>STARTSWITH(c.id, value)</c>. Everything else fails aloud.
/// </summary>
internal static class RangeQueryParser
{
    /// <summary>Words that the service's parser refuses after a dot: seen for the first three; they need <c>c["value"]</c>.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "value", "when", "order", "select", "from", "where", "by", "top", "and", "or", "not", "in", "between", "as", "group", "join", "exists",
        "distinct", "asc", "desc", "offset", "limit", "like", "null", "true", "false", "undefined",
    };

    public static RangeQuery Parse(QueryTokens tokens)
    {
        tokens.Expect("SELECT");
        int? limit = tokens.Take("TOP") ? tokens.TakeValue().GetInt32() : null;
        var selected = Selected(tokens);
        tokens.Expect("FROM");
        tokens.Take("root");
        var alias = tokens.TakeWord();
        var bounds = tokens.Take("WHERE") ? Bounds(tokens, alias) : [];
        var order = tokens.Take("ORDER", "BY") ? Order(tokens, alias) : (QueryOrder?)null;
        if (limit is null && tokens.Take("OFFSET", "0", "LIMIT"))
            limit = tokens.TakeValue().GetInt32();
        return tokens.AtEnd ? new(alias, Columns(selected, alias, tokens), bounds, order, limit) : throw tokens.Unknown();
    }

    /// <summary>What stands between SELECT and FROM: the first is a whole item, or each is a property of one.</summary>
    private static List<(string Of, Column? Column)> Selected(QueryTokens tokens)
    {
        tokens.Take("VALUE");
        if (tokens.Take("*"))
            return [("*", null)];
        var selected = new List<(string, Column?)>();
        do
        {
            var of = tokens.TakeWord();
            selected.Add((of, Property(tokens) is { } property ? new Column(property, tokens.Take("AS") ? tokens.TakeWord() : property) : null));
        }
        while (tokens.Take(","));
        return selected;
    }

    private static List<Column> Columns(List<(string Of, Column? Column)> selected, string alias, QueryTokens tokens) => selected switch
    {
        [("*", null)] => [],
        [(var of, null)] when of == alias => [],
        _ when selected.All(one => one.Of == alias && one.Column is not null) => [.. selected.Select(one => one.Column!.Value)],
        _ => throw tokens.Unknown(),
    };

    private static List<Bound> Bounds(QueryTokens tokens, string alias)
    {
        var bounds = new List<Bound>();
        do
            bounds.Add(Bound(tokens, alias));
        while (tokens.Take("AND"));
        return bounds;
    }

    private static Bound Bound(QueryTokens tokens, string alias)
    {
        var wrapped = tokens.Take("(");
        var bound = tokens.Take(Queries.Bound.StartsWith, "(") ? Prefix(tokens, alias) : Comparison(tokens, alias);
        if (wrapped)
            tokens.Expect(")");
        return bound;
    }

    private static Bound Prefix(QueryTokens tokens, string alias)
    {
        Id(tokens, alias);
        tokens.Expect(",");
        var prefix = new Bound(Queries.Bound.StartsWith, Text(tokens));
        tokens.Expect(")");
        return prefix;
    }

    private static Bound Comparison(QueryTokens tokens, string alias)
    {
        Id(tokens, alias);
        return new(Operator(tokens), Text(tokens));
    }

    private static string Operator(QueryTokens tokens) => tokens.TakeWord() is var word && word is "=" or "<" or "<=" or ">" or ">=" ? word : throw tokens.Unknown();

    private static string Text(QueryTokens tokens) =>
        tokens.TakeValue() is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw WireRefusal.Unsupported("an id compared with something other than a string");

    private static QueryOrder Order(QueryTokens tokens, string alias)
    {
        Id(tokens, alias);
        if (tokens.Take("DESC"))
            return QueryOrder.Descending;
        tokens.Take("ASC");
        return QueryOrder.Ascending;
    }

    private static void Id(QueryTokens tokens, string alias)
    {
        tokens.Expect(alias);
        if (Property(tokens) != "id")
            throw tokens.Unknown();
    }

    private static string? Property(QueryTokens tokens)
    {
        if (tokens.Take("["))
        {
            var property = QueryTokens.Literal(tokens.TakeWord());
            tokens.Expect("]");
            return property;
        }

        if (!tokens.Take("."))
            return null;
        var name = tokens.TakeWord();
        return Reserved.Contains(name) ? throw WireRefusal.BadRequest($"Syntax error, incorrect syntax near '{name}'.") : name;
    }
}
