using System.Globalization;
using ValueChainHub.Core.Checks;
using ValueChainHub.Hosting.Checks;

namespace ValueChainHub.Server.Commands;

/// <summary>A check for people: counts first, then what to look at, then what was not understood.</summary>
internal sealed class CheckText(TextWriter output, bool all)
{
    private const int LinesOfAList = 20;
    private const int FilesOfAReason = 3;

    public void Write(FolderCheck check)
    {
        WriteFiles(check);
        if (check.Files.Found == 0)
            output.WriteLine("The folder is empty. Save webhook bodies in it, such as shopify/orders-create.json.");
        WriteCustomers(check.Report);
        WriteList("Phones that several accounts share", "they stay apart, unless something stronger than a phone links them", check.Report.SharedPhones,
            one => $"{one.Phone}: {string.Join(", ", one.Accounts)} are {one.Customers} customers");
        WriteList("Parcels without an order", "the order's webhook is not in the folder", check.Report.UnlinkedParcels, Line);
        WriteList("Consent that contradicts itself", "one address, granted here and denied there", check.Report.ConsentConflicts, Line);
        WriteList("Money that does not add up", "ask the vendor, or whoever edits orders", check.Report.Money, Line);
        WriteNotes("Taken, and nothing done with", check.NotActedOn);
        WriteNotes("Not understood", check.NotUnderstood);
        output.WriteLine(check.Files.NotUnderstood + check.Report.Findings == 0
            ? "Nothing to see to."
            : $"To see to: {Count(check.Report.Findings, "finding")}, {Count(check.Files.NotUnderstood, "file")} not understood.");
        output.Flush();
    }

    private void WriteFiles(FolderCheck check)
    {
        var files = check.Files;
        output.WriteLine($"{Count(files.Found, "file")} in {check.Folder}: {files.Understood} understood, {files.NotActedOn} not acted on, {files.NotUnderstood} not understood{(files.Headers > 0 ? $", {files.Headers} of headers" : "")}");
        foreach (var vendor in check.Topics.GroupBy(topic => topic.Vendor, StringComparer.Ordinal))
            output.WriteLine($"  {vendor.Key,-12} {string.Join(", ", vendor.Select(topic => $"{topic.Topic} {topic.Bodies}"))}");
        if (files.Copies > 0)
            output.WriteLine($"  {Count(files.Copies, "body", "bodies")} came more than once, which changes nothing");
        if (files.Thin > 0)
            output.WriteLine($"  {Count(files.Thin, "body", "bodies")} only point at more, which a running hub fetches from the vendor");
        output.WriteLine();
    }

    private void WriteCustomers(CheckReport report)
    {
        var customers = report.Customers;
        output.WriteLine($"{Count(customers.Total, "customer")}: {customers.InSeveralSystems} in several systems, {customers.Guests} without an account; {Count(customers.Orders, "order")}, {Count(customers.Parcels, "parcel")}, {Count(customers.Conversations, "conversation")}");
        WriteLines(report.FoundCustomers, one =>
            $"{string.Join(", ", one.Accounts.DefaultIfEmpty("guest"))}  {string.Join(", ", new[] { one.Email, one.Phone }.OfType<string>())}  {Count(one.Orders, "order")}{string.Concat(one.LifetimeValue.Select(value => $", {value.AmountText} {value.Currency}"))}");
        output.WriteLine();
    }

    private static string Line(UnlinkedParcel parcel) =>
        $"{parcel.Carrier ?? "unknown carrier"} {parcel.Number ?? "without a number"}: {parcel.Status}{(parcel.At is { } at ? " " + Text(at) : "")}{(parcel.Order is { } order ? $", of {order}" : ", of no order that is named")}";

    private static string Line(ConsentConflict conflict) =>
        $"{conflict.Address} ({conflict.Channel}, {conflict.Purpose}): {Word(conflict.Winner)} counts, against {string.Join("; ", conflict.Others.Select(Word))}: {conflict.Why}";

    private static string Line(MoneyDoubt doubt) =>
        $"{doubt.Order}{(doubt.Number is { } number ? $" ({number})" : "")}: {doubt.What}{(doubt.Files.Count > 0 ? $" [{string.Join(", ", doubt.Files.Take(FilesOfAReason))}{(doubt.Files.Count > FilesOfAReason ? ", ..." : "")}]" : "")}";

    private static string Word(ConsentWord word) => $"{word.State} at {word.Account}{(word.At is { } at ? " " + Text(at) : ", without a time")}";

    private void WriteList<T>(string title, string meaning, IReadOnlyList<T> items, Func<T, string> line)
    {
        output.WriteLine(items.Count == 0 ? $"{title}: none" : $"{title}: {items.Count} ({meaning})");
        WriteLines(items, line);
        if (items.Count > 0)
            output.WriteLine();
    }

    private void WriteLines<T>(IReadOnlyList<T> items, Func<T, string> line)
    {
        foreach (var item in all ? items : items.Take(LinesOfAList))
            output.WriteLine("  " + line(item));
        if (!all && items.Count > LinesOfAList)
            output.WriteLine($"  ... and {items.Count - LinesOfAList} more: --all or --json shows them");
    }

    /// <summary>Files of one reason together: a folder of a thousand pictures is one line.</summary>
    private void WriteNotes(string title, IReadOnlyList<FileNote> notes)
    {
        if (notes.Count == 0)
            return;
        output.WriteLine($"{title}: {Count(notes.Count, "file")}");
        WriteLines([.. notes.GroupBy(note => (note.Reason, note.Remedy)).OrderByDescending(same => same.Count())], same =>
        {
            var names = same.Select(note => note.File).ToList();
            var shown = all ? names : names.Take(FilesOfAReason).ToList();
            return $"{string.Join(", ", shown)}{(names.Count > shown.Count ? $" and {names.Count - shown.Count} more" : "")}: {same.Key.Reason}{(same.Key.Remedy is { } remedy ? ". " + remedy : "")}";
        });
        output.WriteLine();
    }

    private static string Count(int number, string one, string? several = null) => $"{number} {(number == 1 ? one : several ?? one + "s")}";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";
}
