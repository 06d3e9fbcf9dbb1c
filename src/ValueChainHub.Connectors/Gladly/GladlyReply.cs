using System.Net;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>What an answer of Gladly's says besides its status.</summary>
/// <param name="Body">The answer when it is one object whose members have the types we read; null when it is something else.</param>
/// <param name="Id">The id of the thing that it is.</param>
/// <param name="Code">The code of the first error; null for an answer that is none of Gladly's own.</param>
/// <param name="Field">The member that the error is about.</param>
/// <param name="MovedTo">The customer that now is whom it asked for.</param>
internal sealed record GladlyReply(JsonElement? Body, string? Id, string? Code, string? Field, string? MovedTo)
{
    private static readonly GladlyReply Nothing = new(null, null, null, null, null);

    public static GladlyReply Read(VendorReply reply)
    {
        var body = JsonBody.ParseObject(reply.Body);
        try
        {
            var error = body?.FirstObject("errors"u8);
            var movedTo = reply.Status == HttpStatusCode.MovedPermanently ? error?.Object("meta"u8)?.Text("new"u8) ?? LastOf(reply.Location) : null;
            return new(body, body?.Text("id"u8), error?.Text("code"u8), error?.Text("attr"u8), movedTo);
        }
        catch (UnreadableBodyException)
        {
            return reply.Status == HttpStatusCode.MovedPermanently ? Nothing with { MovedTo = LastOf(reply.Location) } : Nothing;
        }
    }

    /// <summary>The surviving customer, from the end of Location.</summary>
    private static string? LastOf(Uri? location)
    {
        var path = location?.OriginalString.Split('?', '#')[0].TrimEnd('/');
        return path?.Contains("customer-profiles/", StringComparison.Ordinal) == true ? Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]) : null;
    }
}
