using System.Text.Json;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Pages of a vendor's list as a walk answers them.</summary>
internal static class Walks
{
    /// <summary>The page, or why there is none.</summary>
    /// <param name="answer">What the vendor answered.</param>
    /// <param name="tail">Where the walk goes on behind the last page.</param>
    /// <param name="thing">What an item is to the hub; may be several things.</param>
    public static WalkOutcome Of(Answer<Page<VendorItem>> answer, string? tail, Func<VendorItem, IEnumerable<WalkedThing>> thing)
    {
        if (answer.Value is not { } page)
            return Failed(answer.Failure!.Value);
        return new WalkOutcome.Page([.. page.Items.SelectMany(thing)], page.Cursor ?? tail, page.Cursor is not null);
    }

    public static WalkOutcome.Failed Failed(CallFailure failure) => new(failure.Kind, failure.Text, failure.NotBefore);

    public static CountOutcome.Failed NotCounted(CallFailure failure) => new(failure.Kind, failure.Text, failure.NotBefore);

    public static WalkOutcome.Failed NoKey { get; } = new(FailureKind.Unauthorized, "no ApiKey is set");

    public static WalkOutcome.Failed NoStream { get; } = new(FailureKind.Refused, "a stream that this connector does not have");

    /// <summary>The bytes of an item, as the vendor wrote them.</summary>
    public static ReadOnlyMemory<byte> Bytes(this VendorItem item) => JsonSerializer.SerializeToUtf8Bytes(item.Body);
}

/// <summary>How many there are.</summary>
internal sealed record VendorCount(long Count);
