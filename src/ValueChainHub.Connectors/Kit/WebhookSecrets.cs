using System.Text;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>The secrets that a vendor may sign with.</summary>
internal static class WebhookSecrets
{
    private const int ShortestSecret = 4;

    /// <summary>The present one, then the previous one when it is set.</summary>
    public static IReadOnlyList<byte[]> Of(ConnectorSettings settings)
    {
        var secrets = new List<byte[]> { Secret(settings, "WebhookSecret") };
        if (settings.Optional("PreviousWebhookSecret") is not null)
            secrets.Add(Secret(settings, "PreviousWebhookSecret"));
        return secrets;
    }

    /// <summary>As short as vendors' own examples may be; never the word that stands in a template.</summary>
    private static byte[] Secret(ConnectorSettings settings, string key)
    {
        var secret = settings.Secret(key, ShortestSecret);
        return secret.Equals("changeme", StringComparison.OrdinalIgnoreCase)
            ? throw settings.Fault(key, "is a default. Set it to the secret that the vendor signs with")
            : Encoding.UTF8.GetBytes(secret);
    }
}
