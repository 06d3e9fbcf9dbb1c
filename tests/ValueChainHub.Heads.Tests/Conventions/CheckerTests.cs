using System.Xml.Linq;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>Each check of <see cref="ConventionTests"/> on a small thing that breaks it: a check that cannot fail says nothing.</summary>
public sealed class CheckerTests
{
    [Theory]
    [InlineData("ValueChainHub.Core", "../ValueChainHub.Connectors/ValueChainHub.Connectors.csproj", "Core -> Connectors")]
    [InlineData("ValueChainHub.Connectors", @"..\ValueChainHub.Infrastructure\ValueChainHub.Infrastructure.csproj", "Connectors -> Infrastructure")]
    [InlineData("ValueChainHub.Server", "../ValueChainHub.Functions/ValueChainHub.Functions.csproj", "Server -> Functions")]
    [InlineData("ValueChainHub.Server", "../ValueChainHub.Core/ValueChainHub.Core.csproj", "Server -> Core")]
    public void Notices_a_reference_against_the_arrows(string project, string reference, string broken) =>
        Arrows.BrokenByProject(project, Referencing("ProjectReference", reference)).ShouldBe([broken]);

    [Fact]
    public void Notices_a_project_that_has_no_place() =>
        Arrows.BrokenByProject("ValueChainHub.Extras", new XDocument(new XElement("Project"))).ShouldHaveSingleItem();

    [Fact]
    public void Notices_code_that_reaches_past_the_arrows() =>
        Arrows.BrokenByCode("ValueChainHub.Server", ["ValueChainHub.Core", "ValueChainHub.Hosting", "ValueChainHub.Infrastructure", "System.Runtime"])
            .ShouldBe(["Server -> Infrastructure"]);

    [Fact]
    public void Notices_a_package() =>
        Arrows.Packages(Referencing("PackageReference", "Newtonsoft.Json")).ShouldBe(["Newtonsoft.Json"]);

    [Fact]
    public void Notices_a_clock_and_dice_in_compiled_code()
    {
        UsesClockAndDice().ShouldNotBeEmpty();

        var found = ClockAndChance.UsedBy(CompiledCode.Read(typeof(CheckerTests).Assembly.Location)).ToList();

        found.ShouldContain("System.DateTimeOffset.get_UtcNow");
        found.ShouldContain("System.Guid.NewGuid");
        found.ShouldContain("System.Random.get_Shared");
    }

    [Fact]
    public void Notices_a_link_that_leads_nowhere() =>
        Links.Dead("docs/page.md", "[a](there.md) [b](../gone.md#part) [c](https://example.com) [d](#here)", path => path == "docs/there.md")
            .ShouldBe(["docs/page.md: ../gone.md"]);

    [Theory]
    [InlineData("x();\n#if STANDIN\ny();\n#endif", true)]
    [InlineData("  # if DEBUG", true)]
    [InlineData("#pragma warning disable", false)]
    [InlineData("// #iffy", false)]
    public void Notices_source_that_is_compiled_only_sometimes(string source, bool noticed) =>
        ConventionTests.ConditionalSource().IsMatch(source).ShouldBe(noticed);

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3-beta.1", true)]
    [InlineData("1.*", false)]
    [InlineData("[1.2.3,2.0)", false)]
    public void Tells_an_exact_version_from_a_range(string version, bool exact) =>
        ConventionTests.ExactVersion().IsMatch(version).ShouldBe(exact);

    [Theory]
    [InlineData("      - uses: actions/checkout@v7", false)]
    [InlineData("        uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7", true)]
    public void Tells_a_pinned_action_from_a_tag(string line, bool pinned) =>
        ConventionTests.PinnedAction().IsMatch(ConventionTests.Uses().Match(line).Groups["action"].Value).ShouldBe(pinned);

    private static XDocument Referencing(string item, string include) =>
        new(new XElement("Project", new XElement("ItemGroup", new XElement(item, new XAttribute("Include", include)))));

    /// <summary>The culprit that the check of compiled code must find.</summary>
    private static string UsesClockAndDice() => $"{DateTimeOffset.UtcNow} {Guid.NewGuid()} {Random.Shared.Next()}";
}
