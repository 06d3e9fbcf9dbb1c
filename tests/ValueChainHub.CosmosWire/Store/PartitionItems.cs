namespace ValueChainHub.CosmosWire.Store;

/// <summary>The items of one logical partition in the order of their ids. Callers hold the lock of the range.</summary>
internal sealed class PartitionItems
{
    private readonly List<WireItem> _items = [];

    public int Count => _items.Count;

    public WireItem this[int index] => _items[index];

    public WireItem? Find(string id) => Place(id) is >= 0 and var place ? _items[place] : null;

    /// <summary>Puts a version in the place of the one before; null takes it out.</summary>
    public void Set(string id, WireItem? item)
    {
        var place = Place(id);
        if (item is null)
        {
            if (place >= 0)
                _items.RemoveAt(place);
        }
        else if (place >= 0)
        {
            _items[place] = item;
        }
        else
        {
            _items.Insert(~place, item);
        }
    }

    /// <summary>The index of the first item whose id is not before <paramref name="id"/>.</summary>
    public int FirstFrom(string id) => Place(id) is >= 0 and var place ? place : ~Place(id);

    private int Place(string id)
    {
        var (low, high) = (0, _items.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_items[middle].Id, id);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
