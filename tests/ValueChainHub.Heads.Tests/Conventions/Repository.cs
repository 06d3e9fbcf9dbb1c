using System.Xml.Linq;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static IReadOnlyList<string> Projects { get; } = [.. Files("src", "*.csproj").Concat(Files("tests", "*.csproj")).Order(StringComparer.Ordinal)];

    /// <summary>The files of a folder and those below it, as paths from the root with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(Path.Combine(Root, folder))
            ? Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            : [];

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static XDocument Xml(string path) => XDocument.Load(Path.Combine(Root, path));

    /// <summary>A project of the solution as it was built beside these tests.</summary>
    public static string Assembly(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "ValueChainHub.sln")) ? folder
        : Path.GetDirectoryName(folder.TrimEnd('/', '\\')) is { } parent ? FindRoot(parent)
        : throw new InvalidOperationException("The tests are not below the solution.");
}
