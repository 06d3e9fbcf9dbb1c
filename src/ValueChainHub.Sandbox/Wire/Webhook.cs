using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Wire;

/// <summary>What a vendor has to say, once. It may be sent often, or never.</summary>
/// <param name="Id">The vendor's id of the delivery; the same in every try of it.</param>
/// <param name="Topic">The vendor's word for what happened.</param>
/// <param name="Body">The raw bytes that are signed.</param>
/// <param name="Tells">What whoever reads the body knows.</param>
/// <param name="PointsAt">The resources of the vendor's API that it only names, as the API's endpoints name them to the books.</param>
public sealed record Webhook(string Id, string Topic, byte[] Body, IReadOnlyList<Fact> Tells, IReadOnlyList<string> PointsAt)
{
    /// <summary>What it is about, as the vendor's API names it: <c>order/5500000001001</c>.</summary>
    public IReadOnlyList<string> About { get; init; } = PointsAt;
}

/// <summary>What an act did at a vendor: what is true from now on, and what is to be sent.</summary>
public sealed record Outcome(IReadOnlyList<Fact> Facts, IReadOnlyList<Webhook> Webhooks)
{
    /// <summary>The act is another vendor's.</summary>
    public static Outcome Nothing { get; } = new([], []);
}

/// <summary>With which secret a webhook is signed.</summary>
public enum SigningSecret
{
    /// <summary>The one the vendor uses since it was rotated, or all along.</summary>
    Present,

    /// <summary>The one before; the hub has been told both.</summary>
    Previous,

    /// <summary>Somebody else's.</summary>
    Wrong,
}

/// <summary>How a vendor tries again when the answer is no success (FACTS 0).</summary>
/// <param name="AnswerWithin">How long it waits for an answer.</param>
/// <param name="Waits">The gaps between tries; after the last the delivery is given up.</param>
public sealed record RetryPolicy(TimeSpan AnswerWithin, IReadOnlyList<TimeSpan> Waits);
