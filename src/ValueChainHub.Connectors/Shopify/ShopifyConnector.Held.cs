using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>A shop shows its customers: contact, tags, and the consent of their own addresses.</summary>
public sealed partial class ShopifyConnector : IShowsCustomers
{
    public async Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken)
    {
        if (_admin is null)
            return Holdings.NoKey;
        var found = of.AccountId is { } id ? await _admin.CustomerAsync(id, cancellationToken) : await _admin.FindCustomerAsync(of.Email, of.Phone, cancellationToken);
        return Holdings.Of(found, HeldBy);
    }

    private static HeldCustomer HeldBy(JsonElement body)
    {
        var (email, phone) = (body.Object("defaultEmailAddress"u8), body.Object("defaultPhoneNumber"u8));
        var (address, number) = (email?.Text("emailAddress"u8), phone?.Text("phoneNumber"u8));
        return new()
        {
            Name = ShopifyBody.Join(body.Text("firstName"u8), body.Text("lastName"u8)),
            Email = address,
            Phone = number,
            Tags = [.. body.Texts("tags"u8).OfType<string>()],
            Consents = [.. new[] { ConsentOf("email", Identifier.Email(address), email), ConsentOf("sms", Identifier.Phone(number), phone) }.OfType<Consent>()],
        };
    }

    private static Consent? ConsentOf(string channel, Identifier? address, JsonElement? stated) =>
        address is { } of && stated?.Time("marketingUpdatedAt"u8) is var at && ShopifyConsents.StateOf(stated?.Word("marketingState"u8), at) is { } state
            ? new(channel, of.Value, Consents.Marketing, state, at)
            : null;
}
