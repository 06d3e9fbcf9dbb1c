using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Checks;

/// <summary>A file of the folder: its body, or why it has none.</summary>
/// <param name="Name">The path inside the folder, with slashes.</param>
/// <param name="Headers">The headers kept beside it or with it; names compare without case.</param>
/// <param name="Body">The JSON object; null when there is none.</param>
/// <param name="Note">Why there is none.</param>
internal sealed record SavedFile(string Name, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte>? Body, FileNote? Note);

/// <summary>Walks a folder and reads what is in it. Follows no link to a folder, and leaves out nothing without saying so.</summary>
internal sealed class SavedFiles(string folder)
{
    private static readonly string[] HeaderEndings = [".headers", ".headers.json", ".headers.txt"];

    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>Files that hold the headers of another one.</summary>
    public int HeaderFiles { get; private set; }

    /// <summary>Every file and every folder that cannot be opened, in the order of their names.</summary>
    public IEnumerable<SavedFile> Read() => ReadFolder(new DirectoryInfo(folder), "");

    private IEnumerable<SavedFile> ReadFolder(DirectoryInfo directory, string prefix)
    {
        var (entries, fault) = EntriesOf(directory);
        if (fault is not null)
        {
            yield return Unread(prefix.TrimEnd('/'), fault, "Give this user the right to open the folder.");
            yield break;
        }
        var headers = HeadersByBody(entries);
        var headerFiles = headers.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var name = prefix + entry.Name;
            if (headerFiles.Contains(entry.FullName))
                HeaderFiles++;
            else if (entry is FileInfo file)
                yield return ReadFile(file, name, headers.GetValueOrDefault(entry.Name));
            else if (entry.LinkTarget is not null)
                yield return Unread(name, "is a link to a folder, and those are not followed", "Call check on that folder itself.");
            else
            {
                foreach (var inner in ReadFolder((DirectoryInfo)entry, name + "/"))
                    yield return inner;
            }
        }
    }

    private static (List<FileSystemInfo> Entries, string? Fault) EntriesOf(DirectoryInfo directory)
    {
        try
        {
            return ([.. directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }).OrderBy(entry => entry.Name, StringComparer.Ordinal)], null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ([], "cannot be opened");
        }
    }

    private static SavedFile ReadFile(FileInfo file, string name, string? headers)
    {
        try
        {
            var real = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            if (real is not { Exists: true })
                return Unread(name, "is a link that leads to no file", "Mend or remove the link.");
            // Pipes and devices have no length: they are never opened, and so cannot hold us up.
            if (real.Length == 0)
                return Unread(name, "is empty", "Save the body again, or remove the file.");
            if (real.Length > BodyReader.LimitBytes)
                return Unread(name, "is larger than 1 MiB, the most that the hub takes of a webhook", "Save one webhook body in each file.");
            return SavedBodyText.Read(name, headers is null ? NoHeaders : HeadersIn(headers), File.ReadAllBytes(real.FullName));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Unread(name, "cannot be read", "Give this user the right to read it.");
        }
    }

    /// <summary>The files of headers, by the names of the bodies they belong to; of several the first.</summary>
    private static Dictionary<string, string> HeadersByBody(List<FileSystemInfo> entries)
    {
        var names = entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries.OfType<FileInfo>())
        {
            if (BodyOf(entry.Name, names) is { } body)
                headers.TryAdd(body, entry.FullName);
        }
        return headers;
    }

    /// <summary>The body that a file of headers belongs to: <c>a.json</c> for <c>a.json.headers</c> and for <c>a.headers</c>; null for any other file.</summary>
    private static string? BodyOf(string name, HashSet<string> names)
    {
        if (Array.Find(HeaderEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is not { } ending)
            return null;
        var stem = name[..^ending.Length];
        return new[] { stem, stem + ".json" }.FirstOrDefault(names.Contains);
    }

    private static Dictionary<string, string> HeadersIn(string path)
    {
        var length = new FileInfo(path).Length;
        return length is > 0 and <= BodyReader.LimitBytes ? SavedBodyText.Headers(File.ReadAllBytes(path)) : [];
    }

    private static SavedFile Unread(string name, string reason, string remedy) => new(name, NoHeaders, null, new(name.Length == 0 ? "." : name, reason, remedy));
}
