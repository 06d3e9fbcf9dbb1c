using Azure.Core;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire;

/// <summary>Stands where a managed identity would: hands the SDK tokens that the server takes until <paramref name="expires"/> by the server's clock.</summary>
public sealed class WireCredential(DateTimeOffset expires) : TokenCredential
{
    /// <summary>The SDK looks at the real clock, and is to keep the token for the length of a test.</summary>
    private readonly DateTimeOffset _kept = TimeProvider.System.GetUtcNow().AddHours(2);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(WireAuthorization.NewToken(expires), _kept);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
