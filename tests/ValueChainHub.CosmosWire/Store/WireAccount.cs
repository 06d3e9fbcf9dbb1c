using System.Collections.Concurrent;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>Databases and their containers, by name and by <c>_rid</c>.</summary>
internal sealed class WireAccount(CosmosWireOptions options)
{
    private readonly ConcurrentDictionary<string, WireDatabase> _databases = new();
    private int _numbers;

    public CosmosWireOptions Options => options;

    public WireDatabase Create(string id)
    {
        var database = new WireDatabase(this, id, Interlocked.Increment(ref _numbers));
        return _databases.TryAdd(id, database) ? database : throw WireRefusal.Conflict();
    }

    /// <exception cref="WireRefusal">There is none.</exception>
    public WireDatabase Database(string? nameOrRid) =>
        _databases.TryGetValue(nameOrRid ?? "", out var database) ? database
        : _databases.Values.FirstOrDefault(one => one.Rid == nameOrRid) ?? throw WireRefusal.OwnerNotFound();

    public WireContainer Container(string? database, string? container) => Database(database).Container(container);
}

/// <summary>The containers of one database.</summary>
internal sealed class WireDatabase(WireAccount account, string id, int number)
{
    private readonly ConcurrentDictionary<string, WireContainer> _containers = new();
    private int _numbers;

    public string Id => id;

    public string Rid { get; } = ResourceId.Database(number);

    public WireContainer Create(ContainerDefinition definition)
    {
        var container = new WireContainer(account, this, definition, (number, Interlocked.Increment(ref _numbers)));
        return _containers.TryAdd(definition.Id, container) ? container : throw WireRefusal.Conflict();
    }

    public void Delete(string? name)
    {
        if (!_containers.TryRemove(name ?? "", out _))
            throw WireRefusal.OwnerNotFound();
    }

    public WireContainer Container(string? nameOrRid) =>
        _containers.TryGetValue(nameOrRid ?? "", out var container) ? container
        : _containers.Values.FirstOrDefault(one => one.Rid == nameOrRid) ?? throw WireRefusal.OwnerNotFound();
}
