using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Tests;

/// <summary>A line that is held for as long as the test says.</summary>
internal sealed class ClosedLine : IVendorLine
{
    public DateTimeOffset? NotBefore { get; set; }

    public bool Stands => true;

    public LineState Read() => new("closed", null, NotBefore, 1, 1);
}
