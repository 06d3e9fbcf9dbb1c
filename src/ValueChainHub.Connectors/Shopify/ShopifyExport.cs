using System.Globalization;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Where a walk through the file of a bulk operation stands.</summary>
/// <param name="Tries">How many bulk operations were lost before this one.</param>
/// <param name="Id">The bulk operation; null when it is still to be started.</param>
/// <param name="From">The byte of its file that is read next; the first of a thing.</param>
/// <param name="Highest">The highest id of the things before it.</param>
internal sealed record ShopifyExport(int Tries, string? Id, long From, long Highest)
{
    private const string Mark = "bulk";

    /// <summary>Where the walk goes on behind the file: with what has a higher id than all in it.</summary>
    public ShopifyRoll Tail => new(Highest == 0 ? null : Highest.ToString(CultureInfo.InvariantCulture), null, 0);

    /// <summary>A written cursor, the beginning for none, and null for one of another walk.</summary>
    public static ShopifyExport? Read(string? cursor)
    {
        if (cursor is null)
            return new(0, null, 0, 0);
        return cursor.Split('~') is [Mark, var tries, var id, var from, var highest]
            && int.TryParse(tries, NumberStyles.None, CultureInfo.InvariantCulture, out var lost)
            && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(highest, NumberStyles.None, CultureInfo.InvariantCulture, out var top)
            ? new(lost, id.Length == 0 ? null : id, at, top)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark}~{Tries}~{Id}~{From}~{Highest}");
}

/// <summary>A bulk operation as the shop tells of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Status">In lower case.</param>
/// <param name="ErrorCode">Why it failed.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="Objects">How many lines it has written.</param>
/// <param name="Document">What it was asked for; null where that was not asked.</param>
/// <param name="Url">Its file. Whoever has it can read everything in it: it is kept nowhere and named nowhere.</param>
internal sealed record ShopifyExportState(string Id, string Status, string? ErrorCode, DateTimeOffset? CreatedAt, string? Objects, string? Document, Uri? Url)
{
    public bool IsAtWork => Status is "created" or "running" or "canceling";

    public bool IsDone => Status == "completed";

    public static ShopifyExportState Read(JsonElement body) => new(
        body.RequiredId("id"u8),
        body.Word("status"u8) ?? throw new UnreadableBodyException("status is missing"),
        RefusalFormat.Code(body.Text("errorCode"u8)),
        body.Time("createdAt"u8),
        RefusalFormat.Code(body.Text("objectCount"u8)),
        body.Text("query"u8),
        body.Text("url"u8) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null);
}

/// <summary>What a bulk operation writes.</summary>
/// <param name="Document">What it is asked for.</param>
/// <param name="HasParts">Things have parts on lines of their own.</param>
/// <param name="Things">What a thing of its file is to the hub.</param>
internal sealed record ShopifyExportKind(string Document, bool HasParts, Func<ShopifyRecord, IEnumerable<WalkedThing>> Things);
