using System.Net;
using System.Text.Json;

namespace ValueChainHub.Heads.Tests.Support;

/// <summary>Reads and checks problem details.</summary>
internal static class Problems
{
    /// <summary>The problem of an answer, whose shape is checked (RFC 9457).</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("type").GetString()!.ShouldStartWith("urn:valuechainhub:problem:");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("instance").GetString()!.ShouldNotContain("?");
        return problem;
    }
}
