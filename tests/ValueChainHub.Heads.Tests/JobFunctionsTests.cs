using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ValueChainHub.Functions;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Heads.Tests;

/// <summary>Jobs that are woken from outside: a trigger of the platform checkpoints past whatever its function failed on, so none may fail and none may lose a call.</summary>
public sealed class JobFunctionsTests
{
    private readonly JobRunner _runner = new(TimeProvider.System, NullLogger<JobRunner>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_does_not_throw_whatever_happens_to_its_job()
    {
        await using var server = await RunningServer.StartAsync();
        server.Store.IsOff = true;
        var functions = new JobFunctions(server.App.Services.GetRequiredService<HubJobs>(), _runner);

        for (var run = 0; run < JobRunner.FailuresOfAStuckJob; run++)
            await functions.ProcessInbox([], Token);

        _runner.Stuck().ShouldHaveSingleItem().ShouldStartWith("The job ProcessInbox has failed");
    }

    [Fact]
    public async Task A_function_that_is_cut_off_does_not_throw()
    {
        await using var server = await RunningServer.StartAsync();
        using var cutOff = new CancellationTokenSource();
        await cutOff.CancelAsync();

        await new JobFunctions(server.App.Services.GetRequiredService<HubJobs>(), _runner).PublishEvents([], cutOff.Token);
    }

    [Fact]
    public async Task A_job_runs_until_nothing_is_left()
    {
        var left = 3;

        await _runner.RunToEndAsync(Job(_ => Task.FromResult(left-- > 0)), Token);

        left.ShouldBe(-1);
    }

    [Fact]
    public async Task A_call_while_the_job_runs_is_answered_at_once_and_makes_that_run_look_once_more()
    {
        var (runs, isInside, mayGoOn) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var job = Job(async _ =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                isInside.SetResult();
                await mayGoOn.Task;
            }
            return false;
        });
        var first = _runner.RunToEndAsync(job, Token);
        await isInside.Task.WaitAsync(Token);

        for (var call = 0; call < 5; call++)
            await _runner.RunToEndAsync(job, Token);
        runs.ShouldBe(1, "never two at once in one process");
        mayGoOn.SetResult();
        await first;

        runs.ShouldBe(2, "one look more for five calls");
        await _runner.RunToEndAsync(job, Token);
        runs.ShouldBe(3);
    }

    [Fact]
    public async Task A_failed_run_waits_for_the_next_call()
    {
        var runs = 0;
        var job = Job(_ => ++runs == 1 ? throw new InvalidOperationException("once") : Task.FromResult(false));

        await _runner.RunToEndAsync(job, Token);
        runs.ShouldBe(1);
        await _runner.RunToEndAsync(job, Token);

        runs.ShouldBe(2);
    }

    private static HubJob Job(Func<CancellationToken, Task<bool>> run) => new("Job", new JobTrigger.Timer(TimeSpan.FromMinutes(1), "0 * * * * *"), "a job", run);
}
