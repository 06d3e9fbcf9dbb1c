using System.Text.Json;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Testing;

namespace ValueChainHub.Heads.Tests;

/// <summary><c>check</c> as a new user calls it: in its own process, on a folder of files, with nothing configured.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Email = "ada.shopper@example.com";
    private const string Phone = "+14155550142";

    private readonly TestFolder _folder = new();
    private readonly TestFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_customer_known_to_shop_and_newsletter_is_one_customer()
    {
        Write("shopify/orders/create/0001.json", Order(1001, customer: 7));
        Write("anything/2026-02-20.json", Unsubscribed);

        var check = await JsonAsync();

        check.At("files", "understood").GetInt32().ShouldBe(2);
        check.At("report", "customers", "total").GetInt32().ShouldBe(1);
        check.At("report", "customers", "inSeveralSystems").GetInt32().ShouldBe(1);
        check.At("report", "foundCustomers")[0].GetProperty("lifetimeValue")[0].GetProperty("amount").GetString().ShouldBe("25.00");
    }

    [Fact]
    public async Task Nothing_to_see_to_ends_with_0_and_covers_who_it_is_about()
    {
        Write("shopify/orders-create.json", Order(1001, customer: 7));

        var (code, output, errors) = await RunAsync("check", _folder.Path);

        code.ShouldBe(0);
        errors.ShouldBeEmpty();
        output.ShouldContain("1 file in");
        output.ShouldContain("orders/create 1");
        output.ShouldContain("Nothing to see to.");
        output.ShouldContain("a***@e***.com");
        output.ShouldNotContain(Email);
        (await RunAsync("check", _folder.Path, "--show-personal")).Output.ShouldContain(Email);
    }

    [Fact]
    public async Task It_writes_nothing_anywhere()
    {
        Write("shopify/orders-create.json", Order(1001, customer: 7));

        await RunAsync("check", _folder.Path);

        Directory.EnumerateFileSystemEntries(_elsewhere.Path).ShouldBeEmpty();
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_phone_of_two_accounts_keeps_them_apart_and_is_reported()
    {
        Write("shopify/customers-create-7.json", Customer(7, "ada@example.com"));
        Write("shopify/customers-create-8.json", Customer(8, "bob@example.com"));

        var check = await JsonAsync(expected: 3);

        var shared = check.At("report", "sharedPhones")[0];
        shared.GetProperty("phone").GetString().ShouldBe("+14*******42");
        shared.GetProperty("accounts").EnumerateArray().Select(one => one.GetString()).ShouldBe(["shopify/7", "shopify/8"]);
        shared.GetProperty("customers").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_parcel_without_its_order_is_reported_and_one_with_it_is_not()
    {
        Write("shipstation/track.json", Tracking("1Z999AA10123456784"));
        Write("shopify/fulfillments-create.json", """
            {"id":501,"order_id":2002,"status":"success","created_at":"2026-01-06T10:00:00Z","updated_at":"2026-01-06T10:00:00Z","tracking_company":"FedEx","tracking_numbers":["794600000000"]}
            """);

        var parcels = (await JsonAsync(expected: 3)).At("report", "unlinkedParcels").EnumerateArray().ToList();
        Write("shopify/orders-updated.json", Order(3003, customer: 7, more: ""","fulfillments":[{"id":9,"order_id":3003,"status":"success","created_at":"2026-01-05T11:00:00Z","updated_at":"2026-01-05T11:00:00Z","tracking_company":"UPS","tracking_numbers":["1Z999AA10123456784"]}]"""));
        var later = (await JsonAsync(expected: 3)).At("report", "unlinkedParcels").EnumerateArray().ToList();

        parcels.Count.ShouldBe(2);
        parcels[0].GetProperty("carrier").GetString().ShouldBe("ups");
        parcels[0].TryGetProperty("order", out _).ShouldBeFalse();
        parcels[1].GetProperty("order").GetString().ShouldBe("shopify/order/2002");
        later.Single().GetProperty("order").GetString().ShouldBe("shopify/order/2002");
    }

    [Fact]
    public async Task Consent_granted_here_and_denied_there_says_which_counts_and_why()
    {
        Write("shopify/customers-update.json", $$"""
            {"id":7,"email":"{{Email}}","first_name":"Ada","updated_at":"2026-01-05T10:00:00Z",
             "email_marketing_consent":{"state":"subscribed","opt_in_level":"single_opt_in","consent_updated_at":"2026-01-05T09:00:00Z"} }
            """);
        Write("klaviyo/0001.json", Unsubscribed);

        var conflict = (await JsonAsync(expected: 3)).At("report", "consentConflicts")[0];

        conflict.At("winner", "account").GetString().ShouldBe("klaviyo/01JPROFILE");
        conflict.At("winner", "state").GetString().ShouldBe("denied");
        conflict.GetProperty("others")[0].GetProperty("account").GetString().ShouldBe("shopify/7");
        conflict.GetProperty("why").GetString().ShouldBe("the later act counts");
    }

    [Fact]
    public async Task Money_that_does_not_add_up_is_reported_with_the_sum_and_the_file()
    {
        Write("shopify/orders-create-1.json", Order(1, customer: 7, total: "25.00", sums: ""","total_line_items_price":"20.00","total_discounts":"2.00","total_tax":"1.50","total_shipping_price_set":{"shop_money":{"amount":"5.50","currency_code":"USD"}}"""));
        Write("shopify/orders-create-2.json", Order(2, customer: 7, total: "26.00", sums: ""","total_line_items_price":"20.00","total_discounts":"2.00","total_tax":"1.50","total_shipping_price_set":{"shop_money":{"amount":"5.50","currency_code":"USD"}}"""));
        Write("shopify/orders-create-3.json", Order(3, customer: 7, total: "25.00"));
        Write("shopify/orders-paid-3.json", Order(3, customer: 7, total: "27.00"));
        Write("shopify/orders-create-4.json", Order(4, customer: 7, total: "25.00"));
        Write("shopify/refunds-create-4.json", """
            {"id":44,"order_id":4,"created_at":"2026-01-08T10:00:00Z","processed_at":"2026-01-08T10:00:00Z","order_adjustments":[],"transactions":[],
             "refund_line_items":[{"id":1,"quantity":1,"subtotal":30.00,"total_tax":0,"subtotal_set":{"shop_money":{"amount":"30.00","currency_code":"USD"}},"total_tax_set":{"shop_money":{"amount":"0.00","currency_code":"USD"}}}]}
            """);

        var money = (await JsonAsync(expected: 3)).At("report", "money").EnumerateArray().ToDictionary(one => one.GetProperty("order").GetString()!, one => (one.GetProperty("what").GetString()!, one.GetProperty("files")[0].GetString()!));

        money.Keys.ShouldBe(["shopify/order/2", "shopify/order/3", "shopify/order/4"], ignoreOrder: true);
        money["shopify/order/2"].ShouldBe(("lines 20.00 - discounts 2.00 + shipping 5.50 + tax 1.50 + others 0.00 is 25.00, and the total is 26.00", "shopify/orders-create-2.json"));
        money["shopify/order/3"].Item1.ShouldBe("at one and the same time its total is told as 25.00 USD and as 27.00 USD");
        money["shopify/order/4"].Item1.ShouldBe("30.00 USD was given back of a total of 25.00 USD");
    }

    [Fact]
    public async Task A_topic_may_stand_in_headers_beside_the_body_or_around_it()
    {
        Write("inbox/0001.json", Order(1, customer: 7));
        Write("inbox/0001.headers", "Content-Type: application/json\nx-shopify-topic: orders/create\n");
        Write("inbox/0002.json", $$"""{"headers":{"X-Shopify-Topic":["orders/paid"]},"body":{{Order(2, customer: 7)}} }""");

        var check = await JsonAsync();

        check.At("files", "headers").GetInt32().ShouldBe(1);
        check.At("topics").EnumerateArray().Select(topic => topic.GetProperty("topic").GetString()).ShouldBe(["orders/create", "orders/paid"]);
    }

    [Theory]
    [InlineData("shopify-orders-create-0001.json", "orders/create")]
    [InlineData("exports/Shopify_2026/ORDERS_CREATE/1.json", "orders/create")]
    [InlineData("shopify/2026-01/orders.create.1.json", "orders/create")]
    [InlineData("shopify/draft-orders-create.json", "draft_orders/create")]
    public async Task Topics_are_found_however_people_write_them(string name, string topic)
    {
        Write(name, Order(1, customer: 7));

        (await RunAsync("check", _folder.Path)).Output.ShouldContain(topic);
    }

    [Fact]
    public async Task A_folder_of_rubbish_names_each_file_and_what_to_do()
    {
        Write("shopify/orders-create.json", "{\"id\":1,\"name\":\"#1");
        Write("shopify/empty.json", "");
        Write("shopify/blank.json", " \n ");
        Write("shopify/list.json", "[]");
        Write("shopify/customers-update.json", """{"email":"x@example.com"}""");
        Write("shopify/something-else.json", """{"a":1}""");
        Write("nobody/a.json", """{"a":1}""");
        Write("picture.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 1]);
        Write("utf16.json", [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]);
        Write("large.json", new byte[(1024 * 1024) + 1]);
        Write("deep.json", [.. Enumerable.Repeat((byte)'[', 100_000)]);
        File.CreateSymbolicLink(_folder.File("dangling.json"), _folder.File("not-there"));
        Directory.CreateSymbolicLink(_folder.File("shopify/loop"), _folder.Path);

        var (code, output, errors) = await RunAsync("check", _folder.Path, "--all");

        code.ShouldBe(3);
        errors.ShouldBeEmpty();
        output.ShouldContain("13 files in");
        output.ShouldContain("13 not understood");
        foreach (var (name, reason) in new[]
        {
            ("shopify/orders-create.json", "is not valid JSON from line 1 on"), ("shopify/blank.json, shopify/empty.json", "is empty"), ("shopify/list.json", "is a list"),
            ("shopify/customers-update.json", "is read as shopify customers/update, but"), ("shopify/something-else.json", "is no webhook of shopify"), ("nobody/a.json", "is of no vendor"),
            ("picture.png", "is not JSON"), ("utf16.json", "is UTF-16"), ("large.json", "is larger than 1 MiB"), ("deep.json", "nested too deep"),
            ("dangling.json", "leads to no file"), ("shopify/loop", "is a link to a folder"),
        })
            output.Split('\n').ShouldContain(line => line.Contains(name, StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), $"{name}: {reason}\n{output}");
    }

    [Fact]
    public async Task Every_file_is_counted_once()
    {
        for (var number = 1; number <= 2_000; number++)
            Write($"shopify/orders/create/{number}.json", Order(number, customer: 1 + (number % 50)));
        Write("shopify/orders/create/again.json", Order(1, customer: 2));
        Write("shopify/customer-joined_segment.json", """{"id":1}""");

        var files = (await JsonAsync()).At("files");

        files.GetProperty("found").GetInt32().ShouldBe(2_002);
        files.GetProperty("understood").GetInt32().ShouldBe(2_001);
        files.GetProperty("copies").GetInt32().ShouldBe(1);
        files.GetProperty("notActedOn").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_that_is_none_is_one_line_and_code_1()
    {
        Write("file.json", "{}");

        var (missing, _, noFolder) = await RunAsync("check", _folder.File("nowhere"));
        var (file, _, isFile) = await RunAsync("check", _folder.File("file.json"));
        var (nothing, _, noArgument) = await RunAsync("check");

        (missing, file, nothing).ShouldBe((1, 1, 2));
        noFolder.Trim().ShouldStartWith("There is no folder '");
        isFile.Trim().ShouldEndWith("is a file. Name the folder that it is in.");
        noArgument.ShouldContain("--help");
        (noFolder + isFile + noArgument).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Every_webhook_body_beside_the_checkout_is_understood()
    {
        var payloads = SharedFiles.OrSkip("vendors", "payloads");
        string[] mustBe = ["gladly/webhooks/", "klaviyo/", "shipengine/track", "shipstation/track", "shipstation/batch"];

        var (code, output, _) = await RunAsync("check", payloads, "--json");
        var check = JsonDocument.Parse(output).RootElement;

        code.ShouldBe(3);
        var unread = check.At("notUnderstood").EnumerateArray().Select(note => note.GetProperty("file").GetString()!).ToList();
        unread.Where(name => mustBe.Any(start => name.StartsWith(start, StringComparison.Ordinal) && !name[start.Length..].Contains('/', StringComparison.Ordinal))).ShouldBeEmpty();
        unread.Where(name => name.StartsWith("shopify/orders", StringComparison.Ordinal) || name.StartsWith("shopify/customers", StringComparison.Ordinal)).ShouldBeEmpty();
        check.At("files", "understood").GetInt32().ShouldBeGreaterThan(40);
        var counted = check.At("files");
        (counted.GetProperty("understood").GetInt32() + counted.GetProperty("notActedOn").GetInt32() + unread.Count + counted.GetProperty("headers").GetInt32())
            .ShouldBe(Directory.EnumerateFiles(payloads, "*", SearchOption.AllDirectories).Count());
    }

    private const string Unsubscribed = $$"""
        {"data":[{"external_id":"evt10","topic":"event:klaviyo.unsubscribed_from_email_marketing","payload":{"data":{"type":"event","id":"evt10",
          "attributes":{"datetime":"2026-02-20T11:55:00+00:00","event_properties":{} },"relationships":{"profile":{"data":{"type":"profile","id":"01JPROFILE"} } } },
          "included":[{"type":"profile","id":"01JPROFILE","attributes":{"email":"{{Email}}","updated":"2026-02-01T08:00:00+00:00"} }]} }],
         "meta":{"klaviyo_webhook_id":"01JWEBHOOK","timestamp":"2026-02-20T11:59:59+00:00"} }
        """;

    private static string Order(int id, int customer, string total = "25.00", string sums = "", string more = "") => $$"""
        {"id":{{id}},"name":"#{{id}}","created_at":"2026-01-05T10:00:00Z","updated_at":"2026-01-05T10:00:00Z","currency":"USD","total_price":"{{total}}","financial_status":"paid"{{sums}},
         "email":"{{EmailOf(customer)}}","customer":{"id":{{customer}},"email":"{{EmailOf(customer)}}","first_name":"Ada","updated_at":"2026-01-05T10:00:00Z"} {{more}} }
        """;

    private static string EmailOf(int customer) => customer == 7 ? Email : $"shopper{customer}@example.com";

    private static string Customer(int id, string email) =>
        $$"""{"id":{{id}},"email":"{{email}}","phone":"{{Phone}}","first_name":"Ada","updated_at":"2026-01-05T10:00:00Z","created_at":"2026-01-05T10:00:00Z"}""";

    private static string Tracking(string number) => $$"""
        {"resource_url":"https://api.shipstation.com/v2/tracking?tracking_number={{number}}&carrier_code=ups","resource_type":"TRACK_EVENT_V2",
         "data":{"tracking_number":"{{number}}","carrier_code":"ups","status_code":"IT","status_description":"In Transit","ship_date":"2026-01-05T12:00:00Z",
          "events":[{"occurred_at":"2026-01-06T08:00:00Z","status_code":"IT","description":"Departed"}]} }
        """;

    private async Task<JsonElement> JsonAsync(int expected = 0)
    {
        var (code, output, errors) = await RunAsync("check", _folder.Path, "--json");
        errors.ShouldBeEmpty();
        code.ShouldBe(expected, output);
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var program = ServerProcess.Run(_elsewhere.Path, arguments);
        var (code, errors) = await program.EndAsync();
        return (code, program.Output, errors);
    }

    private void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), bytes);
    }
}

/// <summary>Steps into JSON.</summary>
internal static class JsonSteps
{
    public static JsonElement At(this JsonElement element, params string[] path) => path.Aggregate(element, (inner, name) => inner.GetProperty(name));
}
