using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>A vendor for tests of the heads: its proof is its secret in a header, its delivery id another header.</summary>
internal sealed class TestVendor : IVendor
{
    public string Name => "shopify";

    public IConnector Create(ConnectorSettings settings) => new Connector(settings.Optional("ApiKey") is not null, settings.Name, settings.Secret("WebhookSecret", 16), settings.Url("BaseUrl", "https://vendor.example.com"));

    private sealed class Connector(bool canWrite, string name, string secret, Uri baseUrl) : ITakesCustomers, IShowsCustomers
    {
        public string Name { get; } = name;

        public bool CanWrite => canWrite;

        public CustomerParts Parts => CustomerParts.Contact;

        public Task<WriteOutcome> UpsertAsync(CustomerState state, CancellationToken cancellationToken) => Task.FromResult<WriteOutcome>(new WriteOutcome.Written());

        public Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken) => Task.FromResult<HeldOutcome>(new HeldOutcome.Nobody());

        public string Vendor => baseUrl.Host;

        public ChainLink Link => ChainLink.Storefront;

        public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) =>
            request.Header("x-test-secret") == secret && request.Header("x-test-id") is { } id
                ? new WebhookVerdict.Genuine(id, "test", null, new Dictionary<string, string>(StringComparer.Ordinal))
                : new WebhookVerdict.Refused(RejectionReason.Signature, "The secret is missing or wrong.");

        public string? AnswerHandshake(WebhookRequest request) => request.Url.Query.Contains("challenge", StringComparison.Ordinal) ? "challenge-answer" : null;

        public Translation Translate(DeliveryContent delivery) => new Translation.Suppressed("test");
    }
}
