using ValueChainHub.Core.Connectors;
using ValueChainHub.Hosting.Connect;

namespace ValueChainHub.Server.Commands;

/// <summary>What <c>connect</c> found, for people: a line for each thing, and at the end what to do.</summary>
internal sealed class ConnectText(TextWriter output)
{
    private const int LinesOfAList = 10;

    public void Write(VendorConnection connection, ConnectReport report, bool create)
    {
        output.WriteLine($"{connection.Name} ({connection.Vendor}), webhooks to {connection.Address?.AbsoluteUri ?? "an address that is not set yet (Hub__PublicUrl)"}");
        foreach (var note in report.Notes)
            output.WriteLine($"  {Mark(note.State)}  {note.Text}");
        WriteWebhooks(report);
        WriteOthers(report.Others);
        foreach (var line in Advice(connection, report, create))
            output.WriteLine(line);
        output.Flush();
    }

    /// <summary>Topics of one state and one reason are one line.</summary>
    private void WriteWebhooks(ConnectReport report)
    {
        output.WriteLine($"Webhooks that the hub wants: {report.Webhooks.Count}");
        foreach (var same in report.Webhooks.GroupBy(line => (line.State, line.Detail)))
            output.WriteLine($"  {Word(same.Key.State),-8} {same.Count(),3}  {string.Join(", ", same.Select(line => line.Topic))}{(same.Key.Detail is { } why ? ": " + why : "")}");
    }

    private void WriteOthers(IReadOnlyList<VendorSubscription> others)
    {
        if (others.Count == 0)
            return;
        output.WriteLine($"Other webhooks of the account, left alone: {others.Count}");
        foreach (var other in others.Take(LinesOfAList))
            output.WriteLine($"  {string.Join(", ", other.Topics)} to {HostOf(other.Address)}");
        if (others.Count > LinesOfAList)
            output.WriteLine($"  ... and {others.Count - LinesOfAList} more");
    }

    private static IEnumerable<string> Advice(VendorConnection connection, ConnectReport report, bool create)
    {
        if (connection.Address is null)
            yield return "Hub__PublicUrl is not set: set it to the hub's public address, such as https://hub.example.com, to compare and make webhooks.";
        if (!create && report.Count(WebhookState.Missing) > 0)
            yield return "To make those that are missing, call it again with --create.";
        if (report.Count(WebhookState.Present) + report.Count(WebhookState.Created) > 0)
            yield return connection.Setup.TestDelivery;
        if (report.Notes.All(note => note.State != SetupState.Fault) && report.Webhooks.All(line => line.State is WebhookState.Present or WebhookState.Created or WebhookState.Barred))
            yield return "All in order.";
    }

    /// <summary>Without path and query: others may keep secrets in them.</summary>
    private static string HostOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}" : "an address that is no URL";

    private static string Mark(SetupState state) => state switch { SetupState.Good => "ok   ", SetupState.Hint => "note ", _ => "FAULT" };

    private static string Word(WebhookState state) => state switch { WebhookState.Unknown => "unseen", _ => state.ToString().ToLowerInvariant() };
}
