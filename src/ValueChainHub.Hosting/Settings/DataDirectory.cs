using System.Security.Cryptography;
using System.Text;

namespace ValueChainHub.Hosting.Settings;

/// <summary>The directory that holds all the hub keeps: the store and the keys it made for itself, readable by their owner only. A hub whose store and bus are services has none.</summary>
public sealed class DataDirectory
{
    public const string AdminKeyFile = "admin-key";
    public const string IdKeyFile = "id-key";
    public const string TrialSecretFile = "shopify-webhook-secret";

    private const string IdKeyDigestFile = "id-key.sha256";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);

    private DataDirectory(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Opens the directory and makes it if need be, or throws <see cref="HubSettingsException"/>.</summary>
    public static DataDirectory Open(string path)
    {
        try
        {
            var full = System.IO.Path.GetFullPath(path);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(full);
            else
                Directory.CreateDirectory(full, OwnerDirectory);
            return new(full);
        }
        catch (Exception fault) when (IsOfTheFileSystem(fault))
        {
            throw new HubSettingsException($"Hub__DataDirectory cannot be made or opened ({fault.GetType().Name}). Name a directory that this user may write to.");
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Reads a key of 256 bits, and makes it the first time. Two processes that start together get the same one.</summary>
    public (string Value, bool IsNew) Secret(string name)
    {
        try
        {
            return Existing(name) is { } existing ? (existing, false) : Make(name, RandomNumberGenerator.GetHexString(64, lowercase: true));
        }
        catch (Exception fault) when (IsOfTheFileSystem(fault))
        {
            throw NoAccess(name, fault);
        }
    }

    /// <summary>The id key: from the settings, or stored, or made now. Refuses a key other than the one the stored ids were made with.</summary>
    public string IdKey(string? configured)
    {
        try
        {
            var key = configured ?? StoredIdKey();
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            var known = Existing(IdKeyDigestFile) ?? Make(IdKeyDigestFile, digest).Value;
            return known == digest
                ? key
                : throw new HubSettingsException("Hub__IdKey is not the key that the ids in Hub__DataDirectory were made with. Set that one again, or start with an empty directory.");
        }
        catch (Exception fault) when (IsOfTheFileSystem(fault))
        {
            throw NoAccess(IdKeyFile, fault);
        }
    }

    private string StoredIdKey()
    {
        if (Existing(IdKeyFile) is null && Existing(IdKeyDigestFile) is not null)
            throw new HubSettingsException("Hub__IdKey is missing. It was set when Hub__DataDirectory was first used; set it again.");
        return Secret(IdKeyFile).Value;
    }

    private string? Existing(string name)
    {
        var path = File(name);
        if (!System.IO.File.Exists(path))
            return null;
        if (!OperatingSystem.IsWindows() && System.IO.File.GetUnixFileMode(path) != OwnerFile)
            System.IO.File.SetUnixFileMode(path, OwnerFile);
        var text = System.IO.File.ReadAllText(path).Trim();
        return text.Length >= HubSettings.ShortestKey ? text : throw new HubSettingsException($"The file {name} in Hub__DataDirectory is empty or cut off. Put its backup there.");
    }

    /// <summary>Appears whole or not at all: written and flushed beside its place, then moved there, by one process at a time.</summary>
    private (string Value, bool IsNew) Make(string name, string value)
    {
        using var turn = Turn();
        if (Existing(name) is { } made)
            return (made, false);
        var draft = File(name + ".tmp");
        using (var stream = new FileStream(draft, OwnersFile(FileMode.Create)))
        {
            stream.Write(Encoding.ASCII.GetBytes(value + "\n"));
            stream.Flush(flushToDisk: true);
        }
        System.IO.File.Move(draft, File(name), overwrite: true);
        return (value, true);
    }

    /// <summary>Held by one process at a time; the system lets it go when its holder dies. (A move that refuses to overwrite is no substitute: it looks first and moves then.)</summary>
    private FileStream Turn()
    {
        FileStream? turn = null;
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    turn = new(File("keys.lock"), OwnersFile(FileMode.OpenOrCreate));
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            LongestTurn);
        return turn ?? throw new IOException("The lock of the keys is not let go.");
    }

    private static FileStreamOptions OwnersFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return options;
    }

    private static HubSettingsException NoAccess(string name, Exception fault) =>
        new($"The file {name} in Hub__DataDirectory cannot be read or written ({fault.GetType().Name}). Give this user the right to.");

    private static bool IsOfTheFileSystem(Exception fault) => fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
