namespace ValueChainHub.Sandbox.Vendors.State;

/// <summary>A webhook that somebody made at a vendor.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Topics">As the vendor's webhooks spell them, in any case of letters.</param>
/// <param name="Address">Where it goes by the vendor's records. The sandbox has one hub and sends everything there.</param>
/// <param name="MadeAt">When it was made or last changed.</param>
/// <param name="IsActive">False: the vendor has switched it off, but lists it still.</param>
public sealed record Subscription(string Id, IReadOnlyList<string> Topics, string Address, DateTimeOffset MadeAt, bool IsActive = true);

/// <summary>A vendor's webhooks: what nobody subscribed to is not sent.</summary>
public sealed class Subscriptions
{
    private readonly Lock _gate = new();
    private List<Subscription> _all = [];

    public IReadOnlyList<Subscription> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    /// <summary>Whether an active subscription has the topic.</summary>
    public bool Wants(string topic) => All.Any(one => one.IsActive && one.Topics.Contains(topic, StringComparer.OrdinalIgnoreCase));

    public Subscription? Find(string id) => All.FirstOrDefault(one => one.Id == id);

    /// <summary>Adds it, or puts it in the place of the one with its id.</summary>
    public void Put(Subscription subscription)
    {
        lock (_gate)
        {
            var known = _all.FindIndex(one => one.Id == subscription.Id);
            if (known < 0)
                _all.Add(subscription);
            else
                _all[known] = subscription;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
            return _all.RemoveAll(one => one.Id == id) > 0;
    }

    /// <summary>The vendor drops a topic by itself: whole subscriptions that have no other, or the topic alone.</summary>
    /// <param name="topic">Null for all.</param>
    public void Drop(string? topic = null)
    {
        bool Rests(string one) => topic is not null && !one.Equals(topic, StringComparison.OrdinalIgnoreCase);
        lock (_gate)
            _all = [.. _all.Select(one => one with { Topics = [.. one.Topics.Where(Rests)] }).Where(one => one.Topics.Count > 0)];
    }

    /// <summary>The vendor switches all of them off, as some do after the last try of a delivery has failed.</summary>
    public void Deactivate()
    {
        lock (_gate)
            _all = [.. _all.Select(one => one with { IsActive = false })];
    }

    /// <summary>All go to another address, as if they had been made with it.</summary>
    public void MoveTo(string address)
    {
        lock (_gate)
            _all = [.. _all.Select(one => one with { Address = address })];
    }
}
