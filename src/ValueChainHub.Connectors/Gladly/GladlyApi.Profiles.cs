using System.Text.Json;
using ValueChainHub.Connectors.Kit;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>What a profile should have besides what it has. What is null or there already changes nothing.</summary>
/// <param name="Name">How the person is called.</param>
/// <param name="Email">An e-mail address of the person's.</param>
/// <param name="MobilePhone">A number of the person's, in E.164.</param>
/// <param name="CustomAttributes">Those of the organisation's attributes that are ours; the others stay.</param>
internal sealed record GladlyChange(string? Name, string? Email, string? MobilePhone, IReadOnlyDictionary<string, string> CustomAttributes);

internal sealed partial class GladlyApi
{
    /// <summary>
    /// Brings a profile up to date: reads it, changes, and writes only what differs. Gladly replaces whole lists, so each goes back with everything that was in it. It has no version
    /// to write against: what an agent adds to the same list within that second is lost.
    /// </summary>
    public Task<CallFailure?> ChangeCustomerAsync(string id, GladlyChange change, CancellationToken cancellationToken) =>
        PatchAsync(id, profile => PatchOf(profile, change), cancellationToken);

    /// <summary>Puts attributes back as they were. One that was not there is sent as null: gone, whether Gladly replaces the object or merges into it.</summary>
    public Task<CallFailure?> RestoreAttributesAsync(string id, IReadOnlyDictionary<string, string?> were, CancellationToken cancellationToken) =>
        PatchAsync(id, profile => AttributesOf(profile, were) is { } attributes ? new(null, null, null, attributes) : null, cancellationToken);

    private async Task<CallFailure?> PatchAsync(string id, Func<JsonElement, GladlyPatch?> patchOf, CancellationToken cancellationToken)
    {
        var (customer, failure) = await CustomerAsync(id, cancellationToken);
        if (customer is null)
            return failure;
        GladlyPatch? patch;
        try
        {
            patch = patchOf(customer.Body);
        }
        catch (UnreadableBodyException)
        {
            return CallFailure.Unreadable("a customer profile");
        }
        return patch is null ? null : (await line.CallAsync(token => rest.PatchCustomerAsync(customer.Id, patch, authorization, token), cancellationToken, finishes: true)).Failure;
    }

    private static GladlyPatch? PatchOf(JsonElement profile, GladlyChange change)
    {
        var name = change.Name is { } wanted && wanted != profile.Text("name"u8) ? wanted : null;
        var emails = change.Email is { } email && !Holds(profile, "emails"u8, email)
            ? With(profile, "emails"u8, JsonSerializer.SerializeToElement(new(email), GladlyJson.Default.GladlyEmail))
            : null;
        var phones = change.MobilePhone is { } phone && !Holds(profile, "phones"u8, phone)
            ? With(profile, "phones"u8, JsonSerializer.SerializeToElement(new(phone, "MOBILE"), GladlyJson.Default.GladlyPhone))
            : null;
        var attributes = AttributesOf(profile, change.CustomAttributes.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        return name is null && emails is null && phones is null && attributes is null ? null : new(name, emails, phones, attributes);
    }

    private static bool Holds(JsonElement profile, ReadOnlySpan<byte> list, string address)
    {
        foreach (var item in profile.Objects(list))
        {
            if (address.Equals(item.Text("normalized"u8), StringComparison.OrdinalIgnoreCase) || address.Equals(item.Text("original"u8), StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static List<JsonElement> With(JsonElement profile, ReadOnlySpan<byte> list, JsonElement added) => [.. profile.Objects(list), added];

    /// <summary>All of them when one of ours differs: whether Gladly replaces the object or merges into it is not said.</summary>
    private static Dictionary<string, JsonElement>? AttributesOf(JsonElement profile, IEnumerable<KeyValuePair<string, string?>> wanted)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var known in profile.Object("customAttributes"u8)?.EnumerateObject() ?? default)
            attributes[known.Name] = known.Value;
        var differs = false;
        foreach (var (name, value) in wanted)
        {
            var isThere = attributes.TryGetValue(name, out var present) && present.ValueKind != JsonValueKind.Null;
            if (value is null ? !isThere : isThere && present.ValueKind == JsonValueKind.String && present.ValueEquals(value))
                continue;
            (attributes[name], differs) = (JsonSerializer.SerializeToElement(value, GladlyJson.Default.String), true);
        }
        return differs ? attributes : null;
    }
}
