using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors;

/// <summary>One vendor's account: it has state, changes it by acts, tells of it by signed webhooks and answers for it over its API.</summary>
/// <remarks>
/// 1. <see cref="Apply"/> does the act at once and as a whole; a call of the API sees the state before it or after it.
/// 2. Acts of one shopper come in the order of their times.
/// 3. The same acts give the same bodies and ids.
/// </remarks>
public interface ISandboxVendor
{
    /// <summary>The connector's name at the hub.</summary>
    string Name { get; }

    RetryPolicy Retries { get; }

    /// <summary>The settings <c>Connectors__{Name}__*</c> that the hub needs for this vendor.</summary>
    /// <param name="api">Where its API is.</param>
    IReadOnlyDictionary<string, string> HubSettings(Uri api);

    /// <summary>Changes the state, if the act is this vendor's.</summary>
    Outcome Apply(Act act);

    /// <summary>Adds what proves a webhook to be this vendor's, and what its requests carry beside.</summary>
    /// <param name="request">With the body.</param>
    /// <param name="webhook">What is sent.</param>
    /// <param name="secret">With what.</param>
    /// <param name="now">Some vendors sign the time.</param>
    void Sign(HttpRequestMessage request, Webhook webhook, SigningSecret secret, DateTimeOffset now);

    /// <summary>Subscriptions, accepted writes, and whom changes are told that are no acts.</summary>
    VendorDesk Desk { get; }

    /// <summary>Whether anybody asked to hear of the topic.</summary>
    bool Sends(string topic) => Desk.Subscriptions.Wants(topic);

    /// <summary>A person changes one customer at this vendor, which tells of it as of any change.</summary>
    /// <param name="account">The customer's id, as <see cref="HeldAccount.Id"/> has it.</param>
    /// <param name="edit">What is changed; what the vendor does not have is not supported.</param>
    void Edit(string account, HumanEdit edit) => throw new NotSupportedException($"Nobody edits {edit.GetType().Name} at {Name}.");

    /// <summary>What the vendor holds now.</summary>
    VendorHoldings Holds() => VendorHoldings.None;

    /// <summary>Refuses a call for being one too many, in the vendor's own words.</summary>
    Task RefuseThrottledAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    }

    /// <summary>Publishes the endpoints that connectors call. What an answer says is told to the books before it leaves.</summary>
    void Map(IEndpointRouteBuilder api);

    /// <summary>The last try of a webhook failed. Some vendors send nothing more after that.</summary>
    void GiveUp(Webhook webhook)
    {
    }
}
