using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ValueChainHub.Benchmarks.Floors;

/// <summary>The physical limits to compare the hub with: as little as can be done with the same request.</summary>
public static class FloorServer
{
    public const string Hmac = "hmac";
    public const string Commit = "group-commit";
    public const string CommitWithBody = "group-commit-body";

    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, subject INTEGER NOT NULL, body BLOB);
        CREATE TABLE IF NOT EXISTS customers (email TEXT PRIMARY KEY, orders INTEGER NOT NULL, lastOrder INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, subject INTEGER NOT NULL, email TEXT NOT NULL, total TEXT NOT NULL);
        """;

    private static readonly byte[] Accepted = """{"status":"accepted"}"""u8.ToArray();
    private static readonly byte[] Duplicate = """{"status":"duplicate"}"""u8.ToArray();

    public static async Task RunAsync(string kind, CancellationToken cancellationToken)
    {
        await using var app = Create();
        using var commit = kind == Hmac ? null : new GroupCommit<Row>(Path.Combine(DataDirectory, "floor.db"), Schema, Prepare);
        app.Run(context => context.Request.Path.StartsWithSegments("/api/webhooks", StringComparison.Ordinal)
            ? TakeAsync(context, commit, withBody: kind == CommitWithBody)
            : Task.CompletedTask);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    internal static string DataDirectory => Environment.GetEnvironmentVariable("Hub__DataDirectory") ?? throw new InvalidOperationException("Hub__DataDirectory is not set.");

    internal static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    internal static async Task AnswerAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    internal static Task AnswerAsync(HttpContext context, bool isNew) => AnswerAsync(context, isNew ? Accepted : Duplicate);

    private static async Task TakeAsync(HttpContext context, GroupCommit<Row>? commit, bool withBody)
    {
        if (await SignedBody.ReadAsync(context.Request) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        try
        {
            var isNew = commit is null || await commit.WriteAsync(new Row(
                context.Request.Headers["X-Shopify-Webhook-Id"].ToString(), SignedBody.Facts(body), withBody ? body : default));
            await AnswerAsync(context, isNew);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body.Array!);
        }
    }

    // Three small rows: the delivery (a repeated id ends it), the customer by e-mail, the event.
    private static Func<Row, bool> Prepare(SqliteConnection connection)
    {
        var delivery = new Statement(connection, "INSERT OR IGNORE INTO deliveries (id, subject, body) VALUES ($0, $1, $2)", 3);
        var customer = new Statement(connection, "INSERT INTO customers (email, orders, lastOrder) VALUES ($0, 1, $1) ON CONFLICT (email) DO UPDATE SET orders = orders + 1, lastOrder = $1", 2);
        var happened = new Statement(connection, "INSERT INTO events (subject, email, total) VALUES ($0, $1, $2)", 3);
        return row =>
        {
            if (delivery.Run(row.DeliveryId, row.Facts.Id, row.Body.Array is null ? DBNull.Value : row.Body.ToArray()) == 0)
                return false;
            customer.Run(row.Facts.Email, row.Facts.Id);
            happened.Run(row.Facts.Id, row.Facts.Email, row.Facts.Total);
            return true;
        };
    }

    private readonly record struct Row(string DeliveryId, OrderFacts Facts, ArraySegment<byte> Body);
}
