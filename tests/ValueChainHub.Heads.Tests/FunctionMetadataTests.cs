using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;
using ValueChainHub.Hosting.Jobs;

namespace ValueChainHub.Heads.Tests;

/// <summary>What the platform will be told: <c>functions.metadata</c>, written by the worker's SDK when the Functions head is built with the published packages.</summary>
public sealed class FunctionMetadataTests
{
    private static readonly JsonElement[] Functions =
        [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "functions.metadata"))).RootElement.EnumerateArray()];

    [Fact]
    public async Task Lists_every_row_of_both_tables_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        var rows = server.App.Services.GetRequiredService<HubOperations>().All.Select(row => $"{row.Name}: httpTrigger {row.Method} {row.Route} Anonymous");
        var jobs = server.App.Services.GetRequiredService<HubJobs>().All.Select(job => $"{job.Name}: " + job.Trigger switch
        {
            JobTrigger.Timer timer => "timerTrigger " + timer.Schedule,
            JobTrigger.Feed feed => $"cosmosDBTrigger {feed.Container} from the beginning, {job.Name}, 500",
            JobTrigger.Messages => "serviceBusTrigger chain-events",
            _ => "unknown",
        });

        Functions.Select(Describe).Distinct().ShouldBe(rows.Concat(jobs), ignoreOrder: true);
    }

    /// <summary>The triggers of messages have the name of their job and a number.</summary>
    private static string Describe(JsonElement function) =>
        Trigger(function) is var trigger && trigger.StartsWith("serviceBusTrigger", StringComparison.Ordinal)
            ? $"{Text(function, "name").TrimEnd([.. "0123456789"])}: {trigger}"
            : $"{Text(function, "name")}: {trigger}";

    private static string Trigger(JsonElement function)
    {
        var trigger = function.GetProperty("bindings").EnumerateArray().Single(binding => Text(binding, "type").EndsWith("Trigger", StringComparison.Ordinal));
        return Text(trigger, "type") + Text(trigger, "type") switch
        {
            "httpTrigger" => $" {Text(trigger.GetProperty("methods")[0])} {Text(trigger, "route")} {Text(trigger, "authLevel")}",
            "timerTrigger" => " " + Text(trigger, "schedule"),
            "serviceBusTrigger" => " " + Text(trigger, "topicName"),
            "cosmosDBTrigger" => $" {Text(trigger, "containerName")}{(trigger.GetProperty("startFromBeginning").GetBoolean() ? " from the beginning" : "")}, {Text(trigger, "leaseContainerPrefix")}, {trigger.GetProperty("feedPollDelay").GetInt32()}",
            _ => "",
        };
    }

    private static string Text(JsonElement binding, string name) => Text(binding.GetProperty(name));

    private static string Text(JsonElement value) => value.GetString()!;
}
