using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>What happened to a message, read from its facets.</summary>
internal static class MessageView
{
    /// <summary>Its share of the totals. A machine's open stands apart, a machine's click counts nowhere: neither says anything about the person.</summary>
    public static Totals Contribution(IEnumerable<Facet> facets)
    {
        var totals = new Totals();
        foreach (var facet in facets)
            Add(totals, ChainJson.Read<Message>(facet.Value));
        return totals;
    }

    private static void Add(Totals totals, Message message)
    {
        switch (message.Kind)
        {
            case MessageKinds.Received:
                totals.Add(TotalNames.Received, 1);
                break;
            case MessageKinds.Opened when message.ByMachine == true:
                totals.Add(TotalNames.OpenedByMachine, 1);
                break;
            case MessageKinds.Opened:
                totals.Add(TotalNames.Opened, 1).Widen(TotalNames.OpenedAt, message.At);
                break;
            case MessageKinds.Clicked when message.ByMachine != true:
                totals.Add(TotalNames.Clicked, 1).Widen(TotalNames.ClickedAt, message.At);
                break;
        }
    }
}
