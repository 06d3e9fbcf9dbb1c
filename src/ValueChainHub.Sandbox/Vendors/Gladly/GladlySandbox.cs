using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

/// <summary>A Gladly organisation: customer profiles, conversations, tasks; webhooks of ids alone, unsigned, with Basic credentials and a static header; an API that says the rest.</summary>
/// <param name="books">Who is told of what the API answers.</param>
/// <param name="callsPerSecond">The API's limit; 10 unless the organisation has more (FACTS 8). The hub is set to half of it.</param>
/// <param name="time">What the limit is counted by.</param>
public sealed partial class GladlySandbox(SandboxBooks books, int callsPerSecond = 10, TimeProvider? time = null) : ISandboxVendor
{
    internal const string ConnectorName = "gladly";

    private const string HeaderName = "X-Hub-Token";
    private const string WebhookUser = "gladly-webhook";
    private const string ApiUser = "hub@example.com";
    private const int MostForTheHub = 100;

    private readonly Lock _gate = new();
    private readonly Allowance _allowance = new(callsPerSecond, TimeSpan.FromSeconds(1), time ?? TimeProvider.System);
    private readonly string _apiToken = Secret("api-token", SigningSecret.Present);
    private readonly List<GladlyCustomer> _customers = [];
    private readonly Dictionary<(int Shopper, int Number), GladlyConversation> _conversations = [];

    private DateTimeOffset? _disabledAt;

    /// <summary>One webhook with all types: an address may stand in one only (FACTS 8.2).</summary>
    public VendorDesk Desk { get; } = new(ConnectorName, [(GladlyIds.Of("webhook"), GladlyTypes.All)], time);

    public string Name => ConnectorName;

    /// <summary>FACTS 8.2: 15 s for the answer, up to 4 tries more within an hour.</summary>
    public RetryPolicy Retries { get; } = new(TimeSpan.FromSeconds(15), [.. new[] { 2, 8, 20, 29 }.Select(minutes => TimeSpan.FromMinutes(minutes))]);

    public IReadOnlyDictionary<string, string> HubSettings(Uri api) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Vendor"] = "gladly",
        ["WebhookUser"] = WebhookUser,
        ["WebhookPassword"] = Secret("password", SigningSecret.Present),
        ["PreviousWebhookPassword"] = Secret("password", SigningSecret.Previous),
        ["WebhookHeaderName"] = HeaderName,
        ["WebhookHeaderValue"] = Secret("header", SigningSecret.Present),
        ["PreviousWebhookHeaderValue"] = Secret("header", SigningSecret.Previous),
        ["ApiUser"] = ApiUser,
        ["ApiKey"] = _apiToken,
        ["TaskInboxId"] = GladlyBodies.Inbox,
        ["BaseUrl"] = api.GetLeftPart(UriPartial.Authority),
        ["RequestsPerSecond"] = Math.Clamp(callsPerSecond / 2, 1, MostForTheHub).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Nothing is signed: whoever knows both secrets is Gladly.</summary>
    public void Sign(HttpRequestMessage request, Webhook webhook, SigningSecret secret, DateTimeOffset now)
    {
        request.Headers.Authorization = Basic(WebhookUser, Secret("password", secret));
        request.Headers.Add(HeaderName, Secret("header", secret));
    }

    /// <summary>After the last try the webhook is deactivated (FACTS 8.2): from now on nothing is sent.</summary>
    public void GiveUp(Webhook webhook)
    {
        Desk.Subscriptions.Deactivate();
        lock (_gate)
            _disabledAt = Desk.Now;
    }

    private static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static string Secret(string kind, SigningSecret which) => Bodies.Hex(32, ConnectorName, kind, which.ToString());

    private static Webhook Make(string type, string about, DateTimeOffset at, GladlyCustomer? byShopper, JsonObject content, IReadOnlyList<Fact> tells, params IReadOnlyList<string> pointsAt)
    {
        var id = GladlyIds.Of("webhook", type, about, at.UtcTicks.ToString(CultureInfo.InvariantCulture));
        return new(id, type, GladlyBodies.Webhook(id, type, at, byShopper, content).Bytes(), tells, pointsAt) { About = [$"{type.Split('/')[0].ToLowerInvariant()}/{about}"] };
    }
}
