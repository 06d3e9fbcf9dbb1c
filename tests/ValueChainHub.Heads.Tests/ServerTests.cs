using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ValueChainHub.Heads.Tests.Support;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Heads.Tests;

/// <summary>The server head, running.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task Publishes_every_operation_and_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var table = server.App.Services.GetRequiredService<HubOperations>().All.Select(row => $"{row.Method} {row.Template}");

        var published = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        published.ShouldBe(table, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_that_needs_a_role_refuses_callers_without_a_key()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var row in server.App.Services.GetRequiredService<HubOperations>().All.Where(row => row.Role != HubRole.None))
        {
            using var request = new HttpRequestMessage(new(row.Method), row.Template.Replace("{id}", "x", StringComparison.Ordinal));
            using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, row.Name);
        }
    }

    [Fact]
    public async Task Is_alive_without_its_store_but_not_ready()
    {
        await using var server = await RunningServer.StartAsync();
        (await server.JsonAsync("/api/health/ready")).GetProperty("status").GetString().ShouldBe("ok");

        server.Store.IsOff = true;

        (await server.JsonAsync("/api/health/live")).GetProperty("status").GetString().ShouldBe("ok");
        var ready = await server.JsonAsync("/api/health/ready", HttpStatusCode.ServiceUnavailable);
        ready.GetProperty("reasons")[0].GetString().ShouldBe("The store does not answer.");
    }
}
