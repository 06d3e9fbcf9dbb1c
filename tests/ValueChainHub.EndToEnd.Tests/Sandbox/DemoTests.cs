using System.Diagnostics;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary><c>demo</c> as a newcomer runs it, with all faults on.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task With_all_faults_on_it_ends_with_a_screen_on_which_everything_agrees()
    {
        var (code, output, errors) = await RunAsync("demo", "--seconds", "4", "--shoppers", "50", "--seed", "2");

        code.ShouldBe(0, output + errors);
        errors.ShouldBeEmpty();
        output.ShouldContain("a recount of every delivery agrees");
        output.ShouldContain("Missing because a vendor lost");
        output.ShouldContain("Missing, doubled or different for any other reason: nothing, record by record and cent by cent.");
        output.ShouldContain("One reconciliation with each vendor");
        var still = output.Split('\n').Single(line => line.StartsWith("Missing still", StringComparison.Ordinal));
        (still.Contains("order", StringComparison.Ordinal) || still.Contains("parcel", StringComparison.Ordinal) || still.Contains("USD", StringComparison.Ordinal)).ShouldBeFalse(still);
        output.ShouldContain("The most interesting shopper: ");
        output.ShouldNotContain('\r');
    }

    [Theory]
    [InlineData("--shoppers", "0")]
    [InlineData("--seconds", "many")]
    [InlineData("--faults", "rain")]
    public async Task A_wrong_option_is_named_and_nothing_starts(string option, string value)
    {
        var (code, output, errors) = await RunAsync("demo", option, value);

        code.ShouldBe(2, output + errors);
        errors.ShouldContain(option);
        output.ShouldBeEmpty();
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = new Process
        {
            StartInfo = new("dotnet", ["exec", typeof(Server.HubServer).Assembly.Location, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start().ShouldBeTrue();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Patience);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
