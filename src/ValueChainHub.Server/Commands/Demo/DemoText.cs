using System.Globalization;
using ValueChainHub.Sandbox.Audit;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary>How the screens write rows and sums.</summary>
internal static class DemoText
{
    private const int MostLines = 20;

    public static void Row(TextWriter console, string name, params ReadOnlySpan<string> cells)
    {
        console.Write("  " + name.PadRight(14));
        foreach (var cell in cells)
            console.Write(cell.PadLeft(11));
        console.WriteLine();
    }

    /// <summary>The first of them, each on a line.</summary>
    public static void List(TextWriter console, IEnumerable<string> lines)
    {
        foreach (var line in lines.Take(MostLines))
            console.WriteLine("  " + line);
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What there is of each thing, in one line.</summary>
    public static string Sum(Figures figures)
    {
        string[] parts =
        [
            .. Part(figures.Orders, "orders"), .. Part(figures.TillOrders, "till orders"), .. Part(figures.Parcels, "parcels"), .. Part(figures.Conversations, "conversations"),
            .. Part(figures.Messages, "messages"), .. Part(figures.Consents, "consents"),
            .. figures.Money.Where(one => one.Value != 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:N2} {one.Key}")),
        ];
        return parts.Length == 0 ? "nothing" : string.Join(", ", parts);
    }

    private static IEnumerable<string> Part(int count, string of) => count == 0 ? [] : [$"{Number(count)} {of}"];
}
