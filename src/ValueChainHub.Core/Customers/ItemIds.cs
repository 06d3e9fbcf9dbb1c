using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The ids of items inside a profile's partition. Ranges over them are the lists that HTTP answers.</summary>
internal static class ItemIds
{
    /// <summary>The profile's state.</summary>
    public const string State = "state";

    /// <summary>Events that were born here: the outbox.</summary>
    public const string EventPrefix = "ev|";

    /// <summary>Copies of events of entities that live elsewhere: for the timeline only.</summary>
    public const string CopyPrefix = "ec|";

    /// <summary>The home record in a partition of <see cref="HubContainers.Homes"/>.</summary>
    public const string Home = "home";

    /// <summary>Profiles whom an identifier links, in a partition of <see cref="HubContainers.Identifiers"/>.</summary>
    public const string LinkPrefix = "h|";

    /// <summary>Profiles that an identifier only finds.</summary>
    public const string FindPrefix = "f|";

    /// <summary>Orders that name a parcel, in the partition of the parcel.</summary>
    public const string AttachmentPrefix = "a|";

    private const int DigitsOfInt64 = 19;
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    public static string Entity(EntityKey key) => "e|" + Key(key);

    public static string Mirror(EntityKey key) => "m|" + Key(key);

    public static string Attachment(EntityKey order) => AttachmentPrefix + Key(order);

    public static IdRange Entities(string type, bool descending = false) => IdRange.StartingWith($"e|{type}|", descending);

    public static IdRange Mirrors(string type, bool descending = false) => IdRange.StartingWith($"m|{type}|", descending);

    /// <summary>Newest first when read in ascending order.</summary>
    public static string Event(DateTimeOffset time, string eventId) =>
        $"{EventPrefix}{(DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}|{eventId}";

    /// <summary>Says that an event is there whose time is that of its receipt, so that its item's id alone cannot say it.</summary>
    public static string EventMarker(string eventId) => "ei|" + eventId;

    public static string CopyOf(string eventItemId) => CopyPrefix + eventItemId[EventPrefix.Length..];

    /// <summary>The event's id inside the id of its item.</summary>
    public static string EventIdOf(string eventItemId) => eventItemId[(eventItemId.LastIndexOf('|') + 1)..];

    public static string Link(string profileId) => LinkPrefix + profileId;

    public static string Find(string profileId) => FindPrefix + profileId;

    /// <summary>Type, then the number in full width so that newer vendor ids sort later, then the connector.</summary>
    private static string Key(EntityKey key) => $"{Safe(key.Type)}|{Padded(key.Id)}|{key.Connector}";

    private static string Padded(string id) => id.Length <= DigitsOfInt64 && !id.AsSpan().ContainsAnyExceptInRange('0', '9') ? id.PadLeft(DigitsOfInt64, '0') : Safe(id);

    private static string Safe(string text) =>
        text.Length <= 80 && !text.AsSpan().ContainsAnyExcept(Plain) ? text : "x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
