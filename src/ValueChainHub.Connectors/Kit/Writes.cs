using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What vendors' destinations share.</summary>
internal static class Writes
{
    /// <summary>What came of a call that answers no more than that it was done.</summary>
    public static WriteOutcome Outcome(CallFailure? failure, string? vendorId = null) => failure is { } known ? Failed(known) : new WriteOutcome.Written(vendorId);

    public static WriteOutcome.Failed Failed(CallFailure failure)
    {
        var answer = failure.Status is { } status ? new VendorAnswer(status, failure.Marks.Code, failure.Marks.RequestId) : null;
        return new(failure.Kind, failure.Reason, failure.NotBefore, answer);
    }

    public static WriteOutcome NoKey { get; } = new WriteOutcome.Failed(Core.Connectors.FailureKind.Unauthorized, "no ApiKey is set");

    /// <summary>An id of ours for something at a vendor: safe in a URL, below 50 characters, the same for ever for the same key.</summary>
    public static string OwnId(string key) => "vch-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20));

    /// <summary>A whole name in the two parts that vendors keep; joined by a blank they are the name again.</summary>
    public static (string? First, string? Last) Parts(string? name)
    {
        if (name is null)
            return (null, null);
        var blank = name.LastIndexOf(' ');
        return blank < 0 ? (name, "") : (name[..blank], name[(blank + 1)..]);
    }

    /// <summary>The canonical JSON of a record, as an object.</summary>
    public static JsonElement Data(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
