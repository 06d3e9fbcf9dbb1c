using System.Text.RegularExpressions;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>What is agreed about the repository itself. <see cref="CheckerTests"/> shows that each check can fail.</summary>
public sealed partial class ConventionTests
{
    private const string Core = "ValueChainHub.Core";

    public static TheoryData<string> BuiltProjects =>
        [Core, "ValueChainHub.Connectors", "ValueChainHub.Infrastructure", "ValueChainHub.Hosting", "ValueChainHub.Functions", "ValueChainHub.Server", "ValueChainHub.Sandbox"];

    [Fact]
    public void Projects_reference_each_other_along_the_arrows() =>
        Repository.Projects.Where(path => path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(path => Arrows.BrokenByProject(Path.GetFileNameWithoutExtension(path), Repository.Xml(path)))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(BuiltProjects))]
    public void Compiled_code_follows_the_arrows(string project) =>
        Arrows.BrokenByCode(project, CompiledCode.Read(Repository.Assembly(project)).Assemblies).ShouldBeEmpty();

    [Fact]
    public void Core_references_no_package_and_no_web_framework()
    {
        Arrows.Packages(Repository.Xml($"src/{Core}/{Core}.csproj")).ShouldBeEmpty();
        CompiledCode.Read(Repository.Assembly(Core)).Assemblies.ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Core_uses_no_clock_and_no_chance() =>
        ClockAndChance.UsedBy(CompiledCode.Read(Repository.Assembly(Core))).ShouldBeEmpty();

    [Fact]
    public void The_solution_lists_every_project()
    {
        var listed = ProjectInSolution().Matches(Repository.Text("ValueChainHub.sln")).Select(match => match.Groups["path"].Value.Replace('\\', '/'));

        listed.Order(StringComparer.Ordinal).ShouldBe(Repository.Projects);
    }

    [Fact]
    public void Every_project_says_what_belongs_there() =>
        Repository.Projects.Select(path => $"{Path.GetDirectoryName(path)}/README.md")
            .Where(readme => !File.Exists(Path.Combine(Repository.Root, readme)))
            .ShouldBeEmpty();

    [Fact]
    public void Every_vendor_has_a_readme_and_the_table_of_vendors_leads_to_it()
    {
        var vendors = Repository.Files("src/ValueChainHub.Connectors", "*Vendor.cs").Select(path => $"{Path.GetDirectoryName(path)}/README.md").ToList();

        vendors.Count.ShouldBeGreaterThan(3);
        vendors.Where(readme => !File.Exists(Path.Combine(Repository.Root, readme))).ShouldBeEmpty();
        vendors.Where(readme => !Repository.Text("README.md").Contains($"]({readme})", StringComparison.Ordinal)).ShouldBeEmpty("README.md, \"Connect a vendor\", has no row that links it");
    }

    [Fact]
    public void No_source_is_compiled_only_sometimes() =>
        Repository.Files("src", "*.cs").Where(path => ConditionalSource().IsMatch(Repository.Text(path))).ShouldBeEmpty();

    [Fact]
    public void What_a_delivery_says_is_asked_for_where_it_gets_its_generation() =>
        Repository.Files("src", "*.cs").Where(path => Repository.Text(path).Contains(".Translate(", StringComparison.Ordinal)).ShouldBeEmpty("call IConnector.Read");

    [Fact]
    public void Package_versions_are_exact_and_in_one_place()
    {
        Repository.Xml("Directory.Packages.props").Descendants("PackageVersion").Select(package => package.Attribute("Version")!.Value)
            .Where(version => !ExactVersion().IsMatch(version)).ShouldBeEmpty();
        Repository.Projects.Where(path => Repository.Xml(path).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Workflows_pin_their_actions_to_commits() =>
        Repository.Files(".github/workflows", "*.yml").SelectMany(path => Uses().Matches(Repository.Text(path)).Select(match => match.Groups["action"].Value))
            .Where(action => !PinnedAction().IsMatch(action)).ShouldBeEmpty();

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var documents = Directory.EnumerateFiles(Repository.Root, "*.md").Select(file => Path.GetFileName(file)!)
            .Concat(new[] { "src", "tests", "docs", ".github" }.SelectMany(folder => Repository.Files(folder, "*.md")));

        documents.SelectMany(path => Links.Dead(path, Repository.Text(path), target => Path.Exists(Path.Combine(Repository.Root, target)))).ShouldBeEmpty();
    }

    [Fact]
    public void Decisions_are_numbered_once_and_written_under_the_same_headings()
    {
        var decisions = Repository.Files("docs/adr", "*.md").Where(path => NumberedDecision().IsMatch(path)).ToList();

        decisions.ShouldNotBeEmpty();
        decisions.GroupBy(path => NumberedDecision().Match(path).Groups["number"].Value).Where(same => same.Count() > 1).ShouldBeEmpty();
        foreach (var path in decisions)
            Headings().Matches(Repository.Text(path)).Select(match => match.Groups["heading"].Value).ShouldBe(["Status", "Context", "Decision", "Consequences"], path);
    }

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<path>[^"]+\.csproj)",""", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ProjectInSolution();

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    internal static partial Regex ConditionalSource();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+){2,3}(-[0-9A-Za-z.]+)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    internal static partial Regex ExactVersion();

    [GeneratedRegex(@"^\s*-?\s*uses:\s*(?<action>\S+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    internal static partial Regex Uses();

    [GeneratedRegex("@[0-9a-f]{40}$|^\\./", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    internal static partial Regex PinnedAction();

    [GeneratedRegex("/(?<number>[0-9]{4})-[^/]+$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NumberedDecision();

    [GeneratedRegex(@"^## (?<heading>\w+)\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Headings();
}
