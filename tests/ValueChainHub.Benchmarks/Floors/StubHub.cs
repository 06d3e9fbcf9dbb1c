using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace ValueChainHub.Benchmarks.Floors;

/// <summary>How the stand-in misbehaves. The demands are only worth something when each of these makes them fail.</summary>
public enum StubFault
{
    None,

    /// <summary>One event of a thousand is never published.</summary>
    Lose,

    /// <summary>One event of a thousand is published twice.</summary>
    Double,

    /// <summary>One order of a thousand counts a cent more.</summary>
    Cent,

    /// <summary>The answer is sent before the delivery is durable.</summary>
    Hasty,
}

/// <summary>Just enough of the hub's HTTP contract to try the load and kill commands on. It is not the hub and no measure of it.</summary>
public static class StubHub
{
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, duplicates INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, email TEXT NOT NULL, currency TEXT NOT NULL, cents INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS orders_by_email ON orders (email);
        CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, subject INTEGER NOT NULL);
        """;

    private static readonly ConcurrentDictionary<string, byte> Remembered = new(StringComparer.Ordinal);

    public static async Task RunAsync(StubFault fault, CancellationToken cancellationToken)
    {
        var file = Path.Combine(FloorServer.DataDirectory, "stub.db");
        await using var app = FloorServer.Create();
        using var commit = new GroupCommit<Row>(file, Schema, connection => Prepare(connection, fault));
        app.MapGet("/api/health/live", () => Results.Ok());
        app.MapGet("/api/health/ready", () => Results.Ok());
        app.MapPost("/api/webhooks/shopify", context => TakeAsync(context, commit, fault));
        app.MapGet("/api/events", context => EventsAsync(context, file));
        app.MapPost("/api/customers/search", context => SearchAsync(context, file));
        app.MapGet("/api/operations/ledger", context => LedgerAsync(context, file));
        app.MapPost("/api/operations/ledger/verify", context => FloorServer.AnswerAsync(context, """{"agrees":true}"""u8.ToArray()));
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task TakeAsync(HttpContext context, GroupCommit<Row> commit, StubFault fault)
    {
        if (await SignedBody.ReadAsync(context.Request) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        var row = new Row(context.Request.Headers["X-Shopify-Webhook-Id"].ToString(), SignedBody.Facts(body));
        ArrayPool<byte>.Shared.Return(body.Array!);
        var written = commit.WriteAsync(row);
        await FloorServer.AnswerAsync(context, isNew: fault == StubFault.Hasty ? Remembered.TryAdd(row.DeliveryId, 0) : await written);
    }

    private static Func<Row, bool> Prepare(SqliteConnection connection, StubFault fault)
    {
        var delivery = new Statement(connection, "INSERT OR IGNORE INTO deliveries (id) VALUES ($0)", 1);
        var repeated = new Statement(connection, "UPDATE deliveries SET duplicates = duplicates + 1 WHERE id = $0", 1);
        var order = new Statement(connection, "INSERT INTO orders (id, email, currency, cents) VALUES ($0, $1, $2, $3)", 4);
        var happened = new Statement(connection, "INSERT INTO events (subject) VALUES ($0)", 1);
        return row =>
        {
            if (delivery.Run(row.DeliveryId) == 0)
            {
                repeated.Run(row.DeliveryId);
                return false;
            }
            var facts = row.Facts;
            var cents = facts.Paid ? (long)(decimal.Parse(facts.Total, CultureInfo.InvariantCulture) * 100) : 0;
            var struck = facts.Id % 1000 == 7;
            order.Run(facts.Id, facts.Email, facts.Currency, struck && fault == StubFault.Cent ? cents + 1 : cents);
            if (!(struck && fault == StubFault.Lose))
                happened.Run(facts.Id);
            if (struck && fault == StubFault.Double)
                happened.Run(facts.Id);
            return true;
        };
    }

    private static Task EventsAsync(HttpContext context, string file)
    {
        var after = long.TryParse(context.Request.Query["after"], CultureInfo.InvariantCulture, out var given) ? given : 0;
        var limit = int.TryParse(context.Request.Query["limit"], CultureInfo.InvariantCulture, out var most) ? most : 100;
        var items = Read(file, "SELECT seq, subject FROM events WHERE seq > $0 ORDER BY seq LIMIT $1", row => (Seq: row.GetInt64(0), Subject: row.GetInt64(1)), after, limit);
        return AnswerAsync(context, new
        {
            items = items.Select(item => new { type = "valuechain.storefront.order.placed", subject = $"shopify/order/{item.Subject}" }),
            cursor = items.Count == 0 ? null : items[^1].Seq.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static async Task SearchAsync(HttpContext context, string file)
    {
        using var asked = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var email = asked.RootElement.GetProperty("email").GetString()!;
        var sums = Read(file, "SELECT currency, count(*), sum(cents) FROM orders WHERE email = $0 GROUP BY currency", row => (Currency: row.GetString(0), Orders: row.GetInt64(1), Cents: row.GetInt64(2)), email);
        var values = sums.Where(sum => sum.Cents > 0).Select(sum => new { currency = sum.Currency, amount = (sum.Cents / 100m).ToString("0.00", CultureInfo.InvariantCulture) });
        var record = new { id = email, email, storefront = new { orders = sums.Sum(sum => sum.Orders), lifetimeValue = values } };
        await AnswerAsync(context, new { items = sums.Count == 0 ? [] : new[] { record } });
    }

    private static Task LedgerAsync(HttpContext context, string file)
    {
        var (applied, duplicate) = Read(file, "SELECT count(*), coalesce(sum(duplicates), 0) FROM deliveries", row => (row.GetInt64(0), row.GetInt64(1)))[0];
        var shopify = new { received = applied + duplicate, applied, duplicate, quarantined = 0, deadLettered = 0, suppressed = 0, pending = 0 };
        return AnswerAsync(context, new { connectors = new { shopify }, outbox = new { pending = 0 } });
    }

    private static Task AnswerAsync(HttpContext context, object answer) => context.Response.WriteAsJsonAsync(answer, context.RequestAborted);

    private static List<T> Read<T>(string file, string text, Func<SqliteDataReader, T> row, params object[] values)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i}", values[i]);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    private readonly record struct Row(string DeliveryId, OrderFacts Facts);
}
