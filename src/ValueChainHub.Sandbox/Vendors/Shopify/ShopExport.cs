using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

/// <summary>A bulk operation: what was asked for, how far it is, and its file, which is removed with the process.</summary>
/// <param name="id">Its number.</param>
/// <param name="address">Where its file is.</param>
/// <param name="query">What it was asked for.</param>
/// <param name="isGrouped">Parts follow their things at once.</param>
/// <param name="createdAt">When it was started.</param>
/// <param name="fails">How it ends after its first lines; null when it is completed.</param>
internal sealed class ShopExport(long id, Uri address, string query, bool isGrouped, DateTimeOffset createdAt, string? fails) : IDisposable
{
    /// <summary>Things whose parts lie behind them all when they are not grouped.</summary>
    private const int Batch = 100;

    private readonly FileStream _file = Open();
    private long _objects;
    private string? _fault = fails;
    private volatile string _status = "CREATED";

    public long Id { get; } = id;

    /// <summary>Guards the file's address.</summary>
    public string Signature { get; } = Bodies.Hex(64, "export", Bodies.Number(id), Bodies.Number(createdAt.UtcTicks));

    /// <summary>Null before there is a file, and when there is nothing in it.</summary>
    public string? Url => _status == "COMPLETED" && Objects > 0 ? $"{address.AbsoluteUri}?X-Goog-Signature={Signature}" : null;

    public string Query { get; } = query;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string Status => _status;

    public bool IsAtWork => _status is "CREATED" or "RUNNING";

    public string? ErrorCode => _status == "FAILED" ? _fault : null;

    public long Objects => Interlocked.Read(ref _objects);

    public long Size => _file.Length;

    /// <summary>Writes the file; only then it is there. A field that things do not have ends it.</summary>
    /// <param name="root">The connection that was asked for.</param>
    /// <param name="things">All of it, each made as it is needed.</param>
    public void Run(GraphQlField root, IEnumerable<JsonObject> things)
    {
        _status = "RUNNING";
        try
        {
            WriteAll(PartsOf(root), _fault is null ? things : things.Take(Batch));
            _file.Flush();
        }
        catch (GraphQlException)
        {
            _fault = "INTERNAL_SERVER_ERROR";
        }
        _status = _fault is null ? "COMPLETED" : "FAILED";
    }

    public void Expire() => _status = _status == "COMPLETED" ? "EXPIRED" : _status;

    public int Read(byte[] into, long from) => RandomAccess.Read(_file.SafeFileHandle, into, from);

    public void Dispose() => _file.Dispose();

    /// <summary>The field of a connection's things.</summary>
    public static GraphQlField? NodeOf(GraphQlField connection) => connection.Fields.FirstOrDefault(field => field.Name == "edges")?.Fields.FirstOrDefault(field => field.Name == "node");

    private static List<GraphQlField> PartsOf(GraphQlField root) => [.. NodeOf(root)!.Fields.Where(field => NodeOf(field) is not null)];

    private void WriteAll(List<GraphQlField> parts, IEnumerable<JsonObject> things)
    {
        foreach (var batch in things.Chunk(isGrouped ? 1 : Batch))
        {
            var behind = new List<JsonObject>();
            foreach (var thing in batch)
            {
                var taken = parts.SelectMany(part => Taken(thing, part)).ToList();
                Write(thing);
                behind.AddRange(taken);
            }
            behind.ForEach(Write);
        }
    }

    private static IEnumerable<JsonObject> Taken(JsonObject thing, GraphQlField part)
    {
        var edges = thing[part.Alias]!["edges"]!.AsArray().ToList();
        thing.Remove(part.Alias);
        foreach (var edge in edges)
        {
            var line = edge!["node"]!.DeepClone().AsObject();
            line["__parentId"] = thing["id"]!.DeepClone();
            yield return line;
        }
    }

    private void Write(JsonObject line)
    {
        _file.Write(line.Bytes());
        _file.Write(Encoding.UTF8.GetBytes("\n"));
        Interlocked.Increment(ref _objects);
    }

    /// <summary>Where the system allows it without a name, so that nothing is left behind however the process ends.</summary>
    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 16,
        });
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
