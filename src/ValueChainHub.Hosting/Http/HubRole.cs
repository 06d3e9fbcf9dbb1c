namespace ValueChainHub.Hosting.Http;

/// <summary>What a caller's key allows. Each role includes those before it.</summary>
public enum HubRole
{
    /// <summary>No key: the operation is public, or carries a vendor's own authenticity.</summary>
    None,

    /// <summary>May read customers, events, deliveries and the ledger.</summary>
    Reader,

    /// <summary>May also retry, discard, merge, split and replay.</summary>
    Operator,

    /// <summary>May also export and erase.</summary>
    Admin,
}
