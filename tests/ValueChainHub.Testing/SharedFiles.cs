using Xunit;

namespace ValueChainHub.Testing;

/// <summary>Files that lie beside the checkout and not in it: <c>VALUECHAINHUB_SHARED</c>, or <c>../shared</c> from the repository's root.</summary>
public static class SharedFiles
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Find(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("VALUECHAINHUB_SHARED") ?? (RepositoryRoot() is { } repository ? Path.Combine(repository, "..", "shared") : null);
        var path = root is null ? null : Path.Combine([root, .. parts]);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>The path, or the end of the test as skipped.</summary>
    public static string OrSkip(params string[] parts)
    {
        var path = Find(parts);
        Assert.SkipWhen(path is null, $"shared/{string.Join('/', parts)} is not beside this checkout");
        return path!;
    }

    /// <summary>The folder of the solution, or null when the tests run from somewhere else.</summary>
    public static string? RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ValueChainHub.sln")))
                return folder.FullName;
        }
        return null;
    }
}
