using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Core;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Heads.Tests;

/// <summary>Personal data and secrets go in by every door; none comes out in a log, a span, a metric or a problem.</summary>
public sealed class CanaryTests
{
    private const string Mail = "canary.shopper@example.com";
    private const string Secret = "canary-secret-nobody-may-see";

    [Fact]
    public async Task Nothing_personal_and_no_secret_is_told()
    {
        var (spans, tags) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var activities = Listen(spans);
        using var meters = ListenToMeters(tags);
        var problems = new StringBuilder();
        await using var server = await RunningServer.StartAsync();

        foreach (var row in server.App.Services.GetRequiredService<HubOperations>().All.Where(row => row.Name != "StreamEvents"))
        {
            foreach (var key in (string?[])[null, Secret, TableServer.ReaderKey, TableServer.AdminKey])
                problems.AppendLine(await SendAsync(server, row, key));
        }
        server.Store.IsOff = true;
        foreach (var row in server.App.Services.GetRequiredService<HubOperations>().All.Where(row => row.Name != "StreamEvents"))
            problems.AppendLine(await SendAsync(server, row, TableServer.AdminKey));

        spans.ShouldContain(span => span.Contains("POST /api/webhooks/{connector}"));
        tags.ShouldContain(tag => tag.Contains("/api/customers/search"));
        server.Logs.Entries.ShouldNotBeEmpty();
        foreach (var told in (string[])[string.Join('\n', spans), string.Join('\n', tags), server.Logs.Text, problems.ToString()])
        {
            told.ShouldNotContain("canary");
            told.ShouldNotContain(TableServer.AdminKey);
            told.ShouldNotContain(TableServer.ReaderKey);
            told.ShouldNotContain(RunningServer.WebhookSecret);
        }
    }

    [Fact]
    public async Task The_span_of_a_request_goes_on_the_callers_trace()
    {
        var spans = new ConcurrentQueue<string>();
        using var activities = Listen(spans);
        await using var server = await TableServer.StartAsync([HubHttpTests.Row("Traced", "GET", "traced/{id}")]);

        await server.SendAsync(HttpMethod.Get, "/api/traced/7?email=" + Mail, headers: [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]);

        // The answer is out before the span ends.
        for (var wait = 0; wait < 100 && !spans.Any(span => span.Contains("/api/traced/{id}", StringComparison.Ordinal)); wait++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var span = spans.Where(span => span.Contains("/api/traced/{id}", StringComparison.Ordinal)).ShouldHaveSingleItem();
        span.ShouldContain("0af7651916cd43dd8448eb211c80319c");
        span.ShouldContain("parent b7ad6b7169203331");
    }

    private static async Task<string> SendAsync(RunningServer server, HubOperation row, string? key)
    {
        var path = row.Template.Replace("{connector}", "shopify", StringComparison.Ordinal).Replace("{id}", "unknown", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(row.Method), $"{path}?email={Mail}&code={Secret}&state={Mail}&cursor={Secret}&since={Mail}&after={Secret}");
        request.Headers.Add("x-test-secret", Secret);
        request.Headers.Add("cookie", Mail);
        request.Headers.Add("referer", "https://example.com/?email=" + Mail);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        if (row.Method == "POST")
            request.Content = new StringContent($$"""{"email": "{{Mail}}", "reason": "{{Mail}}", "ids": ["{{Mail}}", "{{Secret}}"], "profile": {{Mail}} """, Encoding.UTF8, "application/json");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static ActivityListener Listen(ConcurrentQueue<string> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HubTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue(
                $"{span.TraceId} parent {span.ParentSpanId} {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(one => one.Tags))} {string.Join(' ', span.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener ListenToMeters(ConcurrentQueue<string> tags)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == HubTelemetry.Name)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, values, _) => tags.Enqueue($"{instrument.Name} {string.Join(' ', values.ToArray())}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, values, _) => tags.Enqueue($"{instrument.Name} {string.Join(' ', values.ToArray())}"));
        listener.Start();
        return listener;
    }
}
