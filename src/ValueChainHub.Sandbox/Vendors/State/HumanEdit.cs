using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.State;

/// <summary>What a person changes at a vendor, in its own screens.</summary>
public abstract record HumanEdit
{
    private HumanEdit()
    {
    }

    public sealed record Name(string First, string Last) : HumanEdit;

    public sealed record Email(string Address) : HumanEdit;

    /// <param name="Number">In E.164; null takes it away.</param>
    public sealed record Phone(string? Number) : HumanEdit;

    /// <summary>At the vendor's present time.</summary>
    public sealed record Consent(Channel Channel, bool IsGranted) : HumanEdit;

    public sealed record AddTag(string Tag) : HumanEdit;

    public sealed record RemoveTag(string Tag) : HumanEdit;

    /// <summary>An attribute of the brand's own; <paramref name="Value"/> null takes it away.</summary>
    public sealed record Attribute(string Key, string? Value) : HumanEdit;
}
