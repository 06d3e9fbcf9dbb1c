using System.Xml.Linq;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>Which project may know which: Core &lt;- Connectors, Infrastructure &lt;- Hosting &lt;- Functions, Server.</summary>
internal static class Arrows
{
    private const string Prefix = "ValueChainHub.";

    /// <summary>What a project's file may name.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Connectors"] = ["Core", "StandIns.Refit"],
        ["Infrastructure"] = ["Core", "StandIns.ServiceBus"],
        ["Hosting"] = ["Core", "Connectors", "Infrastructure", "StandIns.ServiceBus"],
        ["Functions"] = ["Hosting", "StandIns.FunctionsWorker", "StandIns.ServiceBus"],
        ["Server"] = ["Hosting", "Sandbox"],
        ["Sandbox"] = [],
        ["StandIns.Refit"] = [],
        ["StandIns.FunctionsWorker"] = [],
        ["StandIns.ServiceBus"] = [],
    };

    /// <summary>What the compiler may have found through those, beyond them: the words everyone speaks.</summary>
    private static readonly string[] AllowedInCode = ["Core"];

    public static IEnumerable<string> BrokenByProject(string project, XDocument file) =>
        Broken(project, Included(file, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))), []);

    public static IEnumerable<string> BrokenByCode(string project, IEnumerable<string> assemblies) =>
        Broken(project, assemblies.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)), AllowedInCode);

    public static IEnumerable<string> Packages(XDocument file) => Included(file, "PackageReference");

    private static IEnumerable<string> Broken(string project, IEnumerable<string> references, string[] alsoAllowed)
    {
        if (!Allowed.TryGetValue(Short(project), out var allowed))
            return [$"{project} is not in the table of arrows"];
        return references.Select(Short).Except(allowed).Except(alsoAllowed).Select(reference => $"{Short(project)} -> {reference}");
    }

    private static IEnumerable<string> Included(XDocument file, string item) =>
        file.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private static string Short(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}
