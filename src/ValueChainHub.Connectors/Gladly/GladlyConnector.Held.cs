using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>An organisation shows its profiles: contact and attributes. It keeps no consent to marketing.</summary>
public sealed partial class GladlyConnector : IRestoresFacts
{
    public async Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return Holdings.NoKey;
        if (of.AccountId is not { } id)
            return of.Email is null && of.Phone is null ? new HeldOutcome.Nobody() : Holdings.Of(await api.FindCustomersAsync(of.Email, of.Phone, cancellationToken), HeldBy);
        var (customer, failure) = await api.CustomerAsync(id, cancellationToken);
        if (failure is { Status: 404, Marks.Code: not null })
            return new HeldOutcome.Nobody();
        return customer is null ? Holdings.Failed(failure!.Value) : Holdings.Of(new Answer<IReadOnlyList<VendorItem>>([customer], null), HeldBy);
    }

    /// <summary>A profile's name is support's: the hub writes none, so there is none to put back.</summary>
    public async Task<WriteOutcome> RestoreAsync(Recipient to, string? name, IReadOnlyDictionary<string, string?> facts, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return Writes.NoKey;
        var (known, failure) = await ProfileOfAsync(api, to, cancellationToken);
        if (failure is { } failed)
            return Writes.Failed(failed);
        return known is { } id ? Updated(await api.RestoreAttributesAsync(id, facts, cancellationToken)) : new WriteOutcome.Unneeded("the customer has no profile");
    }

    private static HeldCustomer HeldBy(JsonElement body)
    {
        var (emails, phones) = (GladlyCustomers.Emails(body), GladlyCustomers.MobilePhones(body));
        return new() { Name = body.Text("name"u8), Email = emails.FirstOrDefault(), Phone = phones.FirstOrDefault(), Facts = Holdings.Texts(body.Object("customAttributes"u8)) };
    }
}
