using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests;

/// <summary>The program's command line, in its own process: what starts the server, and what is said to who asks or mistypes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_arguments_the_hub_runs()
    {
        using var server = ServerProcess.Start(_folder.Path);

        var address = await server.ListensAsync();

        address.AbsolutePath.ShouldBe("/api/openapi.json");
        File.Exists(Path.Combine(_folder.Path, ".hub", "admin-key")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--Hub:DataDirectory=elsewhere")]
    [InlineData("--Hub:DataDirectory", "elsewhere")]
    [InlineData("Hub:DataDirectory=elsewhere", "--unknown", "value")]
    public async Task Settings_may_be_arguments(params string[] arguments)
    {
        using var server = ServerProcess.Run(_folder.Path, arguments);

        await server.ListensAsync();

        File.Exists(Path.Combine(_folder.Path, "elsewhere", "admin-key")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--urls", "--help")]
    public async Task Help_says_how_to_run_it_and_starts_nothing(params string[] arguments)
    {
        using var program = ServerProcess.Run(_folder.Path, arguments);

        var (code, errors) = await program.EndAsync();

        code.ShouldBe(0);
        errors.ShouldBeEmpty();
        program.Output.ShouldContain("Called without a command it runs the hub");
        program.Output.ShouldContain("--version");
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        using var program = ServerProcess.Run(_folder.Path, ["--version"]);

        var (code, _) = await program.EndAsync();

        code.ShouldBe(0);
        program.Output.Trim().ShouldMatch(@"^\d+\.\d+\.\d+\S*$");
    }

    [Theory]
    [InlineData("'chekc'", "chekc", "some-folder")]
    [InlineData("'--urls'", "--urls")]
    [InlineData("'-x=1'", "-x=1")]
    [InlineData("'@file'", "@file")]
    public async Task What_it_does_not_know_is_named_and_ends_with_code_2(string named, params string[] arguments)
    {
        using var program = ServerProcess.Run(_folder.Path, arguments);

        var (code, errors) = await program.EndAsync();

        code.ShouldBe(2);
        errors.ShouldContain(named);
        errors.ShouldContain("--help");
        errors.TrimEnd().Split('\n').Length.ShouldBe(2);
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }
}
