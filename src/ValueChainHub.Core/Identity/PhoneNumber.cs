namespace ValueChainHub.Core.Identity;

/// <summary>Which phone numbers identify a person: those in international form, without guessing a country (SEMANTICS 1).</summary>
public static class PhoneNumber
{
    /// <summary>E.164 (<c>+</c> and 8 to 15 digits); null for letters, masks, national forms and impossible numbers.</summary>
    public static string? Normalize(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed) || trimmed[0] != '+')
            return null;
        Span<char> digits = stackalloc char[17];
        var count = 0;
        foreach (var character in trimmed.AsSpan(1))
        {
            if (char.IsAsciiDigit(character))
            {
                if (count == 16)
                    return null;
                digits[count++] = character;
            }
            else if (character is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00a0'))
            {
                return null;
            }
        }
        return count is >= 8 and <= 15 && digits[0] != '0' && digits[..count].ContainsAnyExcept(digits[count - 1]) ? "+" + digits[..count].ToString() : null;
    }
}
