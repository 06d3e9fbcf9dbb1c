using System.Security.Cryptography;
using System.Text.Json;
using ValueChainHub.Core.Checks;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Hosting.Checks;

/// <summary>Reads a folder of saved webhook bodies with the hub's own translations. Needs no settings and no network, and writes nothing anywhere.</summary>
public sealed class CheckFolder(IEnumerable<IVendor> vendors)
{
    private readonly WhoseBody _whose = new([.. vendors.OfType<ISavedBodyVendor>().Select(vendor => vendor.Reader(vendor.Name))]);
    private readonly CheckBodies _bodies = new(new GraphLimits());
    private readonly List<FileNote> _notActedOn = [];
    private readonly List<FileNote> _notUnderstood = [];
    private readonly Dictionary<(string Vendor, string Topic), int> _topics = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _understood;
    private int _copies;
    private int _thin;

    /// <param name="folder">A folder that exists.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public FolderCheck Run(string folder, CancellationToken cancellationToken)
    {
        var files = new SavedFiles(folder);
        var above = new DirectoryInfo(folder).Name;
        foreach (var file in files.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Body is { } body)
                Take(file, above, body);
            else
                _notUnderstood.Add(file.Note!);
        }
        var found = _understood + _notActedOn.Count + _notUnderstood.Count + files.HeaderFiles;
        return new(
            folder,
            new(found, _understood, _copies, _thin, _notActedOn.Count, _notUnderstood.Count, files.HeaderFiles),
            [.. _topics.Select(topic => new TopicCount(topic.Key.Vendor, topic.Key.Topic, topic.Value)).OrderBy(topic => topic.Vendor, StringComparer.Ordinal).ThenBy(topic => topic.Topic, StringComparer.Ordinal)],
            _notActedOn,
            _notUnderstood,
            _bodies.Report());
    }

    /// <summary>The check for machines.</summary>
    public static string Json(FolderCheck check) => CheckJson.Write(check);

    private void Take(SavedFile file, string above, ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        if (_whose.Find(file, above, document.RootElement) is not var (reader, topic))
        {
            _notUnderstood.Add(_whose.Unknown(file.Name, above));
            return;
        }
        switch (reader.Read(new(reader.Name, DeliveryKind.Webhook, topic, file.Headers, bytes, null)))
        {
            case Translation.Unreadable unreadable:
                _notUnderstood.Add(new(file.Name, $"is read as {reader.Vendor} {topic}, but {unreadable.Reason}", "If it is another topic, name it after that one; otherwise save the whole body again."));
                break;
            case Translation.Suppressed suppressed:
                _notActedOn.Add(new(file.Name, $"{reader.Vendor} {topic}: {suppressed.Reason}", null));
                break;
            case Translation.Translated { Events.Count: 0 }:
                _notActedOn.Add(new(file.Name, $"{reader.Vendor} {topic}: it states nothing that the hub tells", null));
                break;
            case Translation.Translated said:
                Understand(file.Name, reader, topic, document.RootElement, bytes, said);
                break;
        }
    }

    private void Understand(string name, ISavedBodyReader reader, string topic, JsonElement body, ReadOnlyMemory<byte> bytes, Translation.Translated said)
    {
        _understood++;
        _topics[(reader.Vendor, topic)] = _topics.GetValueOrDefault((reader.Vendor, topic)) + 1;
        _thin += said.Fetches.Count > 0 ? 1 : 0;
        if (!_seen.Add($"{reader.Name} {topic} {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}"))
            _copies++;
        _bodies.Add(name, said, reader.AddUp(topic, body));
    }
}
