using System.Net;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Heads.Tests;

/// <summary>Every key against every role, over real HTTP.</summary>
public sealed class HubKeysTests
{
    private static readonly HubOperation[] Rows =
    [
        HubHttpTests.Row("None", "GET", "none"),
        HubHttpTests.Row("Reader", "GET", "reader", HubRole.Reader),
        HubHttpTests.Row("Operator", "GET", "operator", HubRole.Operator),
        HubHttpTests.Row("Admin", "GET", "admin", HubRole.Admin),
    ];

    [Theory]
    [InlineData(null, 200, 401, 401, 401)]
    [InlineData("", 200, 401, 401, 401)]
    [InlineData("some-other-key-of-nobody", 200, 401, 401, 401)]
    [InlineData("READER-KEY-OF-THESE-TESTS", 200, 401, 401, 401)]
    [InlineData(TableServer.ReaderKey, 200, 200, 403, 403)]
    [InlineData(TableServer.OperatorKey, 200, 200, 200, 403)]
    [InlineData(TableServer.AdminKey, 200, 200, 200, 200)]
    public async Task By_header_a_key_does_what_its_role_may(string? key, params int[] expected)
    {
        await using var server = await TableServer.StartAsync(Rows);

        (await StatusesAsync(path => server.SendAsync(HttpMethod.Get, path, key))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("some-other-key-of-nobody", 200, 401, 401, 401)]
    [InlineData(TableServer.ReaderKey, 200, 200, 403, 403)]
    [InlineData(TableServer.OperatorKey, 200, 200, 200, 403)]
    [InlineData(TableServer.AdminKey, 200, 401, 401, 401)]
    public async Task By_parameter_the_admin_key_is_worth_nothing(string key, params int[] expected)
    {
        await using var server = await TableServer.StartAsync(Rows);

        (await StatusesAsync(path => server.SendAsync(HttpMethod.Get, path + "?code=" + key))).ShouldBe(expected);
    }

    [Fact]
    public async Task The_header_wins_over_the_parameter()
    {
        await using var server = await TableServer.StartAsync(Rows);

        var response = await server.SendAsync(HttpMethod.Get, "/api/reader?code=" + TableServer.ReaderKey, "some-other-key-of-nobody");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refusals_say_what_to_do_and_never_repeat_the_key()
    {
        await using var server = await TableServer.StartAsync(Rows);

        var missing = await (await server.SendAsync(HttpMethod.Get, "/api/admin")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        var unknown = await (await server.SendAsync(HttpMethod.Get, "/api/admin", "some-other-key-of-nobody")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        var low = await (await server.SendAsync(HttpMethod.Get, "/api/admin", TableServer.ReaderKey)).ShouldBeProblemAsync(HttpStatusCode.Forbidden);

        missing.GetProperty("detail").GetString()!.ShouldContain("x-functions-key");
        unknown.ToString().ShouldNotContain("some-other-key");
        low.GetProperty("detail").GetString().ShouldBe("The key has the role reader; this operation needs admin. Use a key of that role.");
    }

    [Fact]
    public async Task Reads_no_body_before_the_key_is_right()
    {
        var counted = 0;
        await using var server = await TableServer.StartAsync([HubHttpTests.Row("Post", "POST", "post", HubRole.Reader) with { OnTooLarge = _ => counted++ }]);

        var response = await server.SendAsync(HttpMethod.Post, "/api/post", content: TableServer.Bytes(2 * 1024 * 1024));

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        counted.ShouldBe(0);
    }

    [Fact]
    public void Roles_without_a_key_of_their_own_are_not_open()
    {
        var keys = new HubKeys(TableServer.AdminKey, operatorKey: null, readerKey: null);

        keys.Check(HubRole.Reader, "", "", out _).ShouldBe(HubProblem.KeyMissing);
        keys.Check(HubRole.Reader, null, null, out _).ShouldBe(HubProblem.KeyMissing);
        keys.Check(HubRole.Reader, TableServer.ReaderKey, null, out _).ShouldBe(HubProblem.KeyUnknown);
        keys.Check(HubRole.Admin, TableServer.AdminKey, null, out _).ShouldBeNull();
    }

    private static async Task<int[]> StatusesAsync(Func<string, Task<HttpResponseMessage>> send)
    {
        var statuses = new List<int>();
        foreach (var path in (string[])["/api/none", "/api/reader", "/api/operator", "/api/admin"])
        {
            using var response = await send(path);
            statuses.Add((int)response.StatusCode);
        }
        return [.. statuses];
    }
}
