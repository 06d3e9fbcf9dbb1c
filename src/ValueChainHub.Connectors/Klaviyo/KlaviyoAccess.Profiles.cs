using System.Globalization;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;

namespace ValueChainHub.Connectors.Klaviyo;

internal sealed partial class KlaviyoAccess
{
    /// <summary>The most that Klaviyo gives.</summary>
    private const int ProfilesAPage = 100;

    /// <summary>A page of the profiles changed since, oldest change first, each with its consent. The cursor is Klaviyo's; a new walk begins without one.</summary>
    public Task<Answer<Page<VendorItem>>> ProfilesAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken) =>
        ProfilesAsync($"greater-than(updated,{since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)})", "updated", cursor, cancellationToken);

    /// <summary>A page of all profiles, oldest first: a change keeps its place.</summary>
    public Task<Answer<Page<VendorItem>>> AllProfilesAsync(string? cursor, CancellationToken cancellationToken) =>
        ProfilesAsync("greater-than(created,2000-01-01T00:00:00Z)", "created", cursor, cancellationToken);

    /// <summary>The profiles with this e-mail address or, without one, this number: none or one.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> FindProfilesAsync(string? email, string? phone, CancellationToken cancellationToken)
    {
        var filter = email is not null ? $"equals(email,{Quoted(email)})" : $"equals(phone_number,{Quoted(phone ?? "")})";
        var answer = await ProfilesAsync(filter, "updated", null, cancellationToken);
        return answer.Then("a list of profiles", page => page.Items);
    }

    /// <summary>The profile of this id: none or one.</summary>
    public async Task<Answer<IReadOnlyList<VendorItem>>> FindProfileAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await ProfilesAsync($"equals(id,{Quoted(id)})", "updated", null, cancellationToken);
        return answer.Then("a list of profiles", page => page.Items);
    }

    /// <summary>Makes or changes a profile, found by its id, else by e-mail, else by phone. Answers its id.</summary>
    /// <param name="id">Klaviyo's.</param>
    /// <param name="profile">What is null stays.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    /// <param name="unset">Properties that are taken away.</param>
    public async Task<Answer<string>> ImportProfileAsync(string? id, KlaviyoProfile profile, CancellationToken cancellationToken, IReadOnlyList<string>? unset = null)
    {
        var answer = await line.AskAsync("a profile", token => api.ImportProfileAsync(new(ProfileOf(profile) with { Id = id, Meta = KlaviyoMeta.Unset(unset) }), _authorization, token), cancellationToken);
        return answer.Then("a profile", read => read.Root.Object("data"u8)?.Text("id"u8) ?? throw new UnreadableBodyException("id is missing"));
    }

    /// <summary>Appends an event, once for its metric, profile and id. Klaviyo accepts it, and says no more.</summary>
    public Task<CallFailure?> AppendAsync(KlaviyoEvent happened, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.CreateEventAsync(new(new("event", happened)), _authorization, token), cancellationToken);

    /// <summary>Repeats a grant that this address made at that time, as history: Klaviyo mails nobody to confirm it. A job: accepted, not yet done.</summary>
    public Task<CallFailure?> SubscribeAsync(string channel, string address, DateTimeOffset actAt, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.SubscribeProfilesAsync(Job("create", channel, address, new("SUBSCRIBED", actAt.ToUniversalTime()), isHistory: true), _authorization, token), cancellationToken);

    /// <summary>Repeats a denial of this address. Klaviyo takes no time with it. A job, as a grant.</summary>
    public Task<CallFailure?> UnsubscribeAsync(string channel, string address, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.UnsubscribeProfilesAsync(Job("delete", channel, address, new("UNSUBSCRIBED", null), isHistory: null), _authorization, token), cancellationToken);

    /// <summary>Has nothing be mailed to these addresses any more, whatever they have consented to.</summary>
    public Task<CallFailure?> SuppressAsync(IReadOnlyList<string> emails, CancellationToken cancellationToken)
    {
        var profiles = emails.Select(email => ProfileOf(new() { Email = email }));
        return line.TellAsync(
            token => api.SuppressProfilesAsync(new(new("profile-suppression-bulk-create-job", new(new([.. profiles])))), _authorization, token), cancellationToken);
    }

    private async Task<Answer<Page<VendorItem>>> ProfilesAsync(string filter, string sort, string? cursor, CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a page of profiles", token => api.ProfilesAsync(_authorization, filter, sort, "subscriptions", ProfilesAPage, cursor, token), cancellationToken);
        return answer.Then("a page of profiles", read =>
        {
            var page = KlaviyoPage.Read(read.Root);
            return new Page<VendorItem>([.. page.Items.Select(Item)], page.Next);
        });
    }

    private static VendorItem Item(JsonElement profile) =>
        new(profile.Text("id"u8) ?? throw new UnreadableBodyException("id is missing"), profile.Object("attributes"u8)?.Time("updated"u8), profile);

    private static KlaviyoBody<KlaviyoSubscribers> Job(string verb, string channel, string address, KlaviyoConsent consent, bool? isHistory)
    {
        var isEmail = channel == "email";
        var said = new KlaviyoChannel(consent);
        var profile = new KlaviyoProfile
        {
            Email = isEmail ? address : null,
            PhoneNumber = isEmail ? null : address,
            Subscriptions = new(isEmail ? said : null, isEmail ? null : said),
        };
        return new(new($"profile-subscription-bulk-{verb}-job", new(new([ProfileOf(profile)])) { HistoricalImport = isHistory }));
    }

    private static KlaviyoResource<KlaviyoProfile> ProfileOf(KlaviyoProfile profile) => new("profile", profile);

    /// <summary>A text in a filter; what would end it there is escaped.</summary>
    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
