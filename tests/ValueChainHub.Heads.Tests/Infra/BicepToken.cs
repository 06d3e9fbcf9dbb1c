namespace ValueChainHub.Heads.Tests.Infra;

internal enum BicepTokenKind
{
    Word,
    Text,
    Sign,
    NewLine,
}

/// <summary>A piece of a Bicep file. A text is without its quotes; what it interpolates follows it as tokens of their own, in parentheses.</summary>
internal readonly record struct BicepToken(BicepTokenKind Kind, string Value, int Line)
{
    public bool Is(string sign) => Kind == BicepTokenKind.Sign && Value == sign;

    public bool IsWord(string word) => Kind == BicepTokenKind.Word && Value == word;

    /// <summary>Cuts a file into tokens; comments and directives are dropped.</summary>
    public static IReadOnlyList<BicepToken> Read(string source)
    {
        var reader = new Reader(source);
        while (reader.Next())
        {
        }
        return reader.Tokens;
    }

    private sealed class Reader(string source)
    {
        private int _at;
        private int _line = 1;

        public List<BicepToken> Tokens { get; } = [];

        public bool Next()
        {
            if (_at >= source.Length)
                return false;
            var letter = source[_at];
            if (letter == '\n')
                Take(BicepTokenKind.NewLine, 1);
            else if (char.IsWhiteSpace(letter))
                _at++;
            else if (letter == '#' || StartsWith("//"))
                _at = End("\n");
            else if (letter == '\'')
                TakeText();
            else if (char.IsAsciiLetterOrDigit(letter) || letter == '_')
                Take(BicepTokenKind.Word, source.AsSpan(_at).IndexOfAnyExcept(WordLetters) is var length and >= 0 ? length : source.Length - _at);
            else
                Take(BicepTokenKind.Sign, Signs.FirstOrDefault(StartsWith)?.Length ?? 1);
            return true;
        }

        private void Take(BicepTokenKind kind, int length)
        {
            Tokens.Add(new(kind, source.Substring(_at, length), _line));
            _at += length;
            if (kind == BicepTokenKind.NewLine)
                _line++;
        }

        private void TakeText()
        {
            if (StartsWith("'''"))
                throw new FormatException($"Line {_line}: texts of several lines are not used here.");
            var text = new System.Text.StringBuilder();
            var place = Tokens.Count;
            Tokens.Add(default);
            _at++;
            while (source[_at] != '\'')
            {
                if (StartsWith("${"))
                    text.Append(TakeInterpolation());
                else if (source[_at] == '\n')
                    throw new FormatException($"Line {_line}: a text is not closed.");
                else if (source[_at] == '\\')
                    text.Append(source, (_at += 2) - 1, 1);
                else
                    text.Append(source[_at++]);
            }
            _at++;
            Tokens[place] = new(BicepTokenKind.Text, text.ToString(), _line);
        }

        /// <summary>Answers the interpolation as it is written.</summary>
        private string TakeInterpolation()
        {
            var began = _at;
            _at += 2;
            Tokens.Add(new(BicepTokenKind.Sign, "(", _line));
            for (var depth = 1; depth > 0 && Next();)
            {
                if (Tokens[^1].Is("{"))
                    depth++;
                else if (Tokens[^1].Is("}"))
                    depth--;
            }
            Tokens[^1] = new(BicepTokenKind.Sign, ")", _line);
            return source[began.._at];
        }

        private bool StartsWith(string sign) => string.CompareOrdinal(source, _at, sign, 0, sign.Length) == 0;

        private int End(string sign) => source.IndexOf(sign, _at, StringComparison.Ordinal) is var end and >= 0 ? end : source.Length;
    }

    private static readonly System.Buffers.SearchValues<char> WordLetters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static readonly string[] Signs = ["=>", "==", "!=", "<=", ">=", "&&", "||", "??", ".?", "::"];
}
