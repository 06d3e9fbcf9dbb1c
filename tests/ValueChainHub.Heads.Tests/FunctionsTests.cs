using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Functions;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Jobs;
using ValueChainHub.Infrastructure.ServiceBus;

namespace ValueChainHub.Heads.Tests;

/// <summary>The Functions head against the tables: what its attributes publish.</summary>
public sealed class FunctionsTests
{
    private static readonly IReadOnlyList<MethodInfo> Functions =
        [.. typeof(HttpFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    [Fact]
    public async Task Publishes_every_operation_and_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var table = server.App.Services.GetRequiredService<HubOperations>().All.Select(row => $"{row.Name}: {row.Method} {row.Route} Anonymous");

        var published = from function in Functions
                        from trigger in Triggers<HttpTriggerAttribute>(function)
                        select $"{NameOf(function)}: {string.Join(',', trigger.Methods ?? [])} {trigger.Route} {trigger.AuthLevel}";

        published.ShouldBe(table, ignoreOrder: true);
    }

    [Fact]
    public async Task Runs_every_job_and_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var table = server.App.Services.GetRequiredService<HubJobs>().All.Select(job => $"{job.Name}: " + job.Trigger switch
        {
            JobTrigger.Timer timer => "timer " + timer.Schedule,
            JobTrigger.Feed feed => "feed " + feed.Container,
            JobTrigger.Messages => "messages of " + ChainTopic.Name,
            _ => "unknown",
        });

        var timers = from function in Functions from trigger in Triggers<TimerTriggerAttribute>(function) select $"{NameOf(function)}: timer {trigger.Schedule}";
        var feeds = from function in Functions from trigger in Triggers<CosmosDBTriggerAttribute>(function) select $"{NameOf(function)}: feed {trigger.ContainerName}";
        var messages = from function in Functions from trigger in Triggers<ServiceBusTriggerAttribute>(function) select $"{NameOf(function).TrimEnd(Digits)}: messages of {trigger.TopicName}";

        timers.Concat(feeds).Concat(messages.Distinct()).ShouldBe(table, ignoreOrder: true);
    }

    [Fact]
    public void Every_feed_starts_from_the_beginning_with_leases_of_its_own()
    {
        var feeds = (from function in Functions from trigger in Triggers<CosmosDBTriggerAttribute>(function) select (Name: NameOf(function), Trigger: trigger)).ToList();

        feeds.ShouldNotBeEmpty();
        feeds.ShouldAllBe(feed => feed.Trigger.StartFromBeginning && feed.Trigger.FeedPollDelay == 500 && feed.Trigger.LeaseContainerPrefix == feed.Name);
        feeds.ShouldAllBe(feed => feed.Trigger.LeaseContainerName == JobFunctions.Leases && !feed.Trigger.CreateLeaseContainerIfNotExists, "the infrastructure makes containers");
    }

    [Fact]
    public void Every_trigger_of_messages_listens_to_the_destination_of_its_number_and_leaves_completing_to_the_platform()
    {
        var triggers = (from function in Functions from trigger in Triggers<ServiceBusTriggerAttribute>(function) select (Name: NameOf(function), Trigger: trigger)).ToList();

        triggers.Select(one => one.Name).ShouldBe(Enumerable.Range(1, triggers.Count).Select(number => $"RouteEvents{number}"), ignoreOrder: true);
        foreach (var (name, trigger) in triggers)
        {
            trigger.SubscriptionName.ShouldBe(RouteEvents.SubscriptionOf($"%Hub__Destinations__{name["RouteEvents".Length..]}%"));
            (trigger.Connection, trigger.IsBatched, trigger.IsSessionsEnabled).ShouldBe((RouteFunctions.Connection, false, false));
        }
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));
        host.RootElement.GetProperty("extensions").GetProperty("serviceBus").GetProperty("autoCompleteMessages").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Every_function_is_named_as_its_method_and_has_one_trigger()
    {
        Functions.ShouldNotBeEmpty();
        foreach (var function in Functions)
        {
            NameOf(function).ShouldBe(function.Name);
            function.GetParameters().Count(parameter => parameter.GetCustomAttributes().Any(attribute => attribute.GetType().Name.EndsWith("TriggerAttribute", StringComparison.Ordinal)))
                .ShouldBe(1, function.Name);
        }
    }

    [Fact]
    public async Task A_timers_schedule_says_what_its_period_says()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var timer in server.App.Services.GetRequiredService<HubJobs>().All.Select(job => job.Trigger).OfType<JobTrigger.Timer>())
        {
            var seconds = timer.Schedule.Split(' ')[0];
            var period = seconds.StartsWith("*/", StringComparison.Ordinal)
                ? TimeSpan.FromSeconds(int.Parse(seconds[2..], System.Globalization.CultureInfo.InvariantCulture))
                : TimeSpan.FromMinutes(1);
            timer.Schedule.Split(' ')[1..].ShouldBe(["*", "*", "*", "*", "*"]);
            timer.Period.ShouldBe(period);
        }
    }

    [Fact]
    public void The_platforms_route_prefix_is_the_hubs()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));

        host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString().ShouldBe(HubOperations.Prefix);
    }

    private static readonly char[] Digits = [.. "0123456789"];

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<T> Triggers<T>(MethodInfo function)
        where T : Attribute => function.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<T>());
}
