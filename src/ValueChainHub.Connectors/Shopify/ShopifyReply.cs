using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A GraphQL answer with data: all of it, and the data alone.</summary>
internal sealed partial record ShopifyReply(byte[] Body, JsonElement Data)
{
    /// <summary>An answer of HTTP 200 may still say that it has no answer. <paramref name="points"/>: what it says of the shop's points.</summary>
    public static Answer<ShopifyReply> Read(VendorReply reply, DateTimeOffset now, out ShopifyPoints points)
    {
        points = default;
        try
        {
            using var document = JsonDocument.Parse(reply.Body);
            var answer = document.RootElement;
            points = Points(answer, now);
            if (answer.TryGetProperty("errors", out var errors))
                return Failed(errors, points.RestoredAt, reply.RequestId);
            return answer.Object("data"u8) is { } data ? new ShopifyReply(reply.Body, data.Clone()) : NoAnswer(reply);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or UnreadableBodyException)
        {
            return NoAnswer(reply);
        }
    }

    /// <summary>What came of a mutation: null when it was done. Of its errors only code and path of the field are repeated, never their message.</summary>
    public CallFailure? FailureOf(string mutation)
    {
        try
        {
            if (Data.Object(Encoding.UTF8.GetBytes(mutation)) is not { } payload)
                return CallFailure.Unreadable("that of the mutation");
            foreach (var error in payload.Objects("userErrors"u8))
                return Refused(RefusalFormat.Code(error.Text("code"u8)), [.. error.Texts("field"u8).OfType<string>()]);
            return null;
        }
        catch (UnreadableBodyException)
        {
            return CallFailure.Unreadable("that of the mutation");
        }
    }

    private static CallFailure Refused(string? code, string[] field)
    {
        var path = field.Length > 0 && field.All(part => Name().IsMatch(part)) ? " at " + string.Join('.', field) : "";
        return new(code == "INTERNAL_ERROR" ? FailureKind.Unavailable : FailureKind.Refused, "the write was refused" + path, null) { Status = 200, Marks = new(code, null) };
    }

    private static CallFailure NoAnswer(VendorReply reply) => CallFailure.Unreadable("a GraphQL answer") with { Status = (int?)reply.Status, Marks = new(null, reply.RequestId) };

    /// <summary>Only the codes of errors are repeated: their messages may quote what was asked for.</summary>
    private static CallFailure Failed(JsonElement errors, DateTimeOffset? restored, string? requestId)
    {
        var code = errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 ? RefusalFormat.Code(errors[0].Object("extensions"u8)?.Text("code"u8)) : null;
        CallFailure failure = code switch
        {
            "THROTTLED" => new(FailureKind.Throttled, code, restored),
            "ACCESS_DENIED" => new(FailureKind.Unauthorized, code, null),
            "INTERNAL_SERVER_ERROR" => new(FailureKind.Unavailable, code, null),
            _ => new(FailureKind.Refused, "the query was refused", null),
        };
        return failure with { Status = 200, Marks = new(code, requestId) };
    }

    /// <summary>When the points the query needs will be there: (requested - available) / restored per second.</summary>
    private static ShopifyPoints Points(JsonElement answer, DateTimeOffset now)
    {
        var cost = answer.Object("extensions"u8)?.Object("cost"u8);
        var status = cost?.Object("throttleStatus"u8);
        if (status?.Amount("restoreRate"u8) is not { } rate || rate <= 0)
            return default;
        var missing = cost?.Amount("requestedQueryCost"u8) - status?.Amount("currentlyAvailable"u8);
        return new(missing > 0 ? now + TimeSpan.FromSeconds((double)Math.Clamp(missing.Value / rate, 0, 3600)) : null, rate);
    }

    /// <summary>A member of the schema, or a place in a list.</summary>
    [GeneratedRegex("^([A-Za-z]{1,60}|[0-9]{1,3})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

/// <summary>What an answer says of the points that queries are paid with.</summary>
/// <param name="RestoredAt">When those of such a query are there again; null when they are.</param>
/// <param name="PerSecond">How many come back in a second.</param>
internal readonly record struct ShopifyPoints(DateTimeOffset? RestoredAt, decimal? PerSecond);
