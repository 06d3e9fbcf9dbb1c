using System.Text.Json.Nodes;

namespace ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

/// <summary>What a question costs: objects a point each, those of a list at the root as often as it may have items, a mutation ten more.</summary>
/// <remarks>Shopify's own prices of lists inside lists are lower than their product and not published in full [K]; here they count once.</remarks>
internal static class QueryCost
{
    private const int Mutation = 10;

    public static int Of(bool isMutation, IReadOnlyList<GraphQlField> fields) =>
        fields.Sum(field => (isMutation ? Mutation : 0) + (field.Number("first") is { } first && field.Fields.Count > 0 ? 2 + (first * field.Fields.Sum(Of)) : Of(field)));

    private static int Of(GraphQlField field) => field.Fields.Count == 0 || field.Name == "pageInfo" ? 0 : 1 + field.Fields.Sum(Of);
}

/// <summary>Points that come back with time, up to as many as fit (FACTS 1).</summary>
internal sealed class PointBucket(int perSecond, TimeProvider time)
{
    private const int SecondsThatFit = 20;

    private readonly Lock _gate = new();
    private double _left = perSecond * SecondsThatFit;
    private DateTimeOffset _since = time.GetUtcNow();

    public int Most => perSecond * SecondsThatFit;

    /// <summary>Takes points. False: there were not so many, and none was taken.</summary>
    public bool Take(int points)
    {
        lock (_gate)
        {
            Refill();
            if (_left < points)
                return false;
            _left -= points;
            return true;
        }
    }

    /// <summary><c>extensions</c> of an answer.</summary>
    /// <param name="requested">What the question was said to cost.</param>
    /// <param name="actual">What was taken for it; null for a refusal.</param>
    /// <param name="isEmpty">Nothing is there, whatever the bucket says.</param>
    public JsonObject Extensions(int requested, int? actual, bool isEmpty = false)
    {
        lock (_gate)
        {
            Refill();
            return new()
            {
                ["cost"] = new JsonObject
                {
                    ["requestedQueryCost"] = requested,
                    ["actualQueryCost"] = actual,
                    ["throttleStatus"] = new JsonObject { ["maximumAvailable"] = Most, ["currentlyAvailable"] = isEmpty ? 0 : (int)_left, ["restoreRate"] = perSecond },
                },
            };
        }
    }

    private void Refill()
    {
        var now = time.GetUtcNow();
        _left = Math.Min(Most, _left + ((now - _since).TotalSeconds * perSecond));
        _since = now;
    }
}
