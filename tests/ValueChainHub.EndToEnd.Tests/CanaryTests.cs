using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Core;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Personal data and secrets go through the whole hub; none comes out in a log line, a problem, a span or a metric.</summary>
public sealed class CanaryTests : EndToEndTest
{
    private const string Email = "canary.shopper@example.com";
    private const string Phone = "+15005550177";

    /// <summary>Every canary in every form it might be written in; the keys and secrets of the fixture are canaries by name.</summary>
    private static readonly string[] Canaries = ["canary", "5005550177", "500555-0177", "Canarella", "9876543210123"];

    [Fact]
    public async Task Nothing_that_the_process_writes_and_no_problem_holds_one()
    {
        var process = await StartAsync<HubProcess>();

        var problems = await ExerciseAsync(process.Client);
        await process.KillAsync();
        await process.StartAsync();
        await process.Client.SettleAsync();

        process.Output.ShouldContain("ValueChainHub listens on");
        ShouldHoldNone(process.Output);
        ShouldHoldNone(problems);
    }

    [Fact]
    public async Task No_span_and_no_metric_holds_one()
    {
        var told = new ConcurrentQueue<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HubTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told.Enqueue($"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.SelectMany(one => one.Tags))}"),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => ListenTo(instrument, listener) };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => told.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray())}"));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => told.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        meters.Start();

        await ExerciseAsync(Client);
        await Client.SettleAsync();

        told.ShouldContain(one => one.Contains("fold delivery"));
        told.ShouldContain(one => one.Contains("hub.deliveries.received"));
        told.ShouldContain(one => one.Contains("/api/customers/search"));
        ShouldHoldNone(string.Join('\n', told));
    }

    /// <summary>Every operation that takes something, with canaries in it, in good and in bad requests. Answers the problems.</summary>
    private static async Task<string> ExerciseAsync(HubClient client)
    {
        var problems = new StringBuilder();
        var customer = Customer(7001, Email, Phone, first: "Canarella", last: "Secretly");
        Webhook[] good =
        [
            new("customers/create", customer),
            new("orders/create", Order(1001, customer: customer.DeepClone().AsObject(), email: "other." + Email, phone: Phone).With("note", "canary note")
                .With("shipping_address", new JsonObject { ["name"] = "Canarella", ["address1"] = "1 Canary Wharf", ["phone"] = Phone })),
            new("orders/create", Order(1002, email: "guest." + Email)),
            new("fulfillments/create", Fulfillment(41, 1001, "CANARY9876543210123").With("email", Email)),
            new("customers/redact", new JsonObject { ["customer"] = new JsonObject { ["id"] = 7001, ["email"] = Email, ["phone"] = Phone } }),
        ];
        await client.DeliverAsync(good);
        foreach (var webhook in good)
        {
            Note(await client.SendAsync(webhook.Request("canary-wrong-secret")));
            Note(await client.SendAsync(webhook.Request(HubSecrets.WebhookSecret, "canary")));
            Note(await client.DeliverAsync(webhook with { Body = Encoding.UTF8.GetBytes("{\"id\":\"canary\",\"email\":\"" + Email), Id = "unreadable-" + webhook.Id }));
            Note(await client.DeliverAsync(webhook with { Connector = "canary-connector" }));
            Note(await client.DeliverAsync(webhook with { Body = new byte[1_100_000] }));
        }
        await client.SettleAsync();

        string[] paths = ["customers", "customers/canary", "customers/canary/orders", "customers/canary/timeline", "customers/canary/profiles", "events", "deliveries", "deliveries/canary", "canary/path", "connectors"];
        foreach (var path in paths)
        {
            foreach (var query in new[] { "", "?email=" + Email, "?limit=canary", "?cursor=canary&after=canary", "?since=canary", "?state=canary", "?code=canary-admin-key&email=" + Email })
            {
                Note(await client.GetAsync(path + query));
                Note(await client.GetAsync(path + query, "canary-wrong-key"));
                Note(await client.GetAsync(path + query, key: null));
            }
        }
        foreach (var path in new[] { "customers/search", "customers/merge", "customers/canary/split", "deliveries/canary/retry", "deliveries/canary/discard" })
        {
            foreach (var body in new object[] { "{\"email\":\"" + Email, new { email = Email, phone = Phone }, new { ids = new[] { Email, Phone }, reason = "canary" }, new { profile = Email, reason = "canary" }, new { email = Email } })
                Note(await client.PostAsync(path + "?email=" + Email, body));
        }
        return problems.ToString();

        // Only problems: what a search finds is the caller's to see. The path is the caller's own words.
        void Note(HubAnswer answer)
        {
            if (answer.Status < 400)
                return;
            answer.ContentType.ShouldBe("application/problem+json");
            var problem = JsonNode.Parse(answer.Text)!.AsObject();
            problem.Remove("instance");
            problems.AppendLine(problem.ToJsonString());
        }
    }

    private static void ListenTo(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == HubTelemetry.Name)
            listener.EnableMeasurementEvents(instrument);
    }

    private static void ShouldHoldNone(string text)
    {
        text.ShouldNotBeNullOrWhiteSpace();
        foreach (var canary in Canaries)
            text.Contains(canary, StringComparison.OrdinalIgnoreCase).ShouldBeFalse(canary + " in " + Around(text, canary));
    }

    private static string Around(string text, string canary) =>
        text.IndexOf(canary, StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)] : "";
}
