using ValueChainHub.Core.Checks;

namespace ValueChainHub.Hosting.Checks;

/// <summary>The same check with addresses and numbers covered: recognisable for who knows them, useless for who does not.</summary>
public static class Masked
{
    public static FolderCheck Of(FolderCheck check) => check with { Report = Of(check.Report) };

    private static CheckReport Of(CheckReport report) => report with
    {
        FoundCustomers = [.. report.FoundCustomers.Select(one => one with { Email = Cover(one.Email), Phone = Cover(one.Phone) })],
        SharedPhones = [.. report.SharedPhones.Select(one => one with { Phone = Cover(one.Phone)! })],
        ConsentConflicts = [.. report.ConsentConflicts.Select(one => one with { Address = Cover(one.Address)! })],
        UnlinkedParcels = [.. report.UnlinkedParcels.Select(one => one with { Number = Cover(one.Number) })],
    };

    /// <summary><c>a***@e***.com</c>, <c>+15*****34</c>.</summary>
    internal static string? Cover(string? text)
    {
        if (text is null)
            return null;
        if (text.IndexOf('@', StringComparison.Ordinal) is var at and > 0)
            return $"{text[0]}***@{text[at + 1]}***{text[text.LastIndexOf('.')..]}";
        return text.Length > 6 ? $"{text[..3]}{new string('*', text.Length - 5)}{text[^2..]}" : new string('*', text.Length);
    }
}
