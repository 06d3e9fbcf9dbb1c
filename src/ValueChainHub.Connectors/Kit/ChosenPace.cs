using System.Globalization;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>The pace that a person has set for a connector, instead of what the hub would take or the vendor's headers grant.</summary>
internal static class ChosenPace
{
    private const string Key = "RequestsPerSecond";
    private const int Fastest = 100;

    /// <summary>Calls a second, or null when nobody has set it.</summary>
    /// <exception cref="ConnectorSettingsException">It is no whole number from 1 to 100.</exception>
    public static int? Of(ConnectorSettings settings)
    {
        if (settings.Optional(Key) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Fastest
            ? number
            : throw settings.Fault(Key, $"is not a whole number from 1 to {Fastest}");
    }
}
