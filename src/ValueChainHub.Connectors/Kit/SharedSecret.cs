using System.Text;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Vendors that sign nothing and send a secret of ours back instead: as a header of its own, or as Basic credentials.</summary>
internal static class SharedSecret
{
    public static bool IsText(string header, string secret) => secret.Length > 0 && FixedText.AreEqual(header, secret);

    /// <summary>Is the header exactly <c>Basic base64(user:password)</c>? The scheme's name compares without case, as HTTP has it.</summary>
    public static bool IsBasic(string header, string user, string password)
    {
        const string Scheme = "Basic ";
        return password.Length > 0
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && FixedText.AreEqual(header[Scheme.Length..], Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }
}
