using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Connectors.Klaviyo;

/// <summary>An account is walked by its profiles, which no webhook tells. Its events are polled (<see cref="PollAsync"/>).</summary>
public sealed partial class KlaviyoConnector : IWalkConnector
{
    private const string ProfilesStream = "profiles";

    private static readonly WalkStream[] Streams = [new(ProfilesStream) { Overlap = TimeSpan.FromMinutes(10), IsTold = false }];

    public bool CanWalk => _access is not null;

    public IReadOnlyList<WalkStream> WalkStreams => Streams;

    public async Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken)
    {
        if (_access is not { } access)
            return Walks.NoKey;
        if (request.Stream != ProfilesStream)
            return Walks.NoStream;
        var answer = request.Since is { } since ? await access.ProfilesAsync(since, request.Cursor, cancellationToken) : await access.AllProfilesAsync(request.Cursor, cancellationToken);
        return Walks.Of(answer, request.Cursor, profile => [Profile(profile)]);
    }

    /// <summary>Klaviyo counts no profiles.</summary>
    public Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken) => Task.FromResult<CountOutcome>(new CountOutcome.Counted(null));

    private WalkedThing.State Profile(VendorItem profile) =>
        new(profile.Id, profile.UpdatedAt, new EntityKey(Name, EntityTypes.Customer, profile.Id), KlaviyoTopics.ListedProfile, profile.Bytes());
}
