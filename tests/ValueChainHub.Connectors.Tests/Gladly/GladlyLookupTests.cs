using System.Text;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Gladly;

public sealed class GladlyLookupTests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("test-apikey-1");

    private static readonly DateTimeOffset SignedAt = new(2019, 2, 13, 21, 40, 16, TimeSpan.Zero);

    [Fact]
    public void Reproduces_the_signature_that_the_vendor_publishes() => Refuse(Published()).ShouldBeNull();

    [Theory]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void The_window_is_five_minutes_to_both_sides(int seconds, bool isTaken)
    {
        var refused = Refuse(Published(), SignedAt.AddSeconds(seconds));

        (refused is null).ShouldBe(isTaken);
        refused?.Reason.ShouldBe(RejectionReason.Window);
    }

    [Fact]
    public void A_wrong_signature_is_told_before_a_wrong_time() =>
        Refuse(Published() with { Method = "PUT" }, SignedAt.AddDays(1))!.Reason.ShouldBe(RejectionReason.Signature);

    [Fact]
    public void Every_bit_of_the_body_is_under_the_signature()
    {
        var request = Published();
        for (var bit = 0; bit < request.Body.Length * 8; bit++)
        {
            var body = request.Body.ToArray();
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            Refuse(request with { Body = body }).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Method_path_query_headers_and_key_are_under_the_signature()
    {
        var request = Published();

        Refuse(request with { Method = "PUT" }).ShouldNotBeNull();
        Refuse(request with { Url = new("https://example.organization.com/api/v2/customer/lookup2") }).ShouldNotBeNull();
        Refuse(request with { Url = new("https://example.organization.com/api/v2/customer/lookup?a=1") }).ShouldNotBeNull();
        Refuse(request with { Url = new("https://other.example.com/api/v2/customer/lookup") }).ShouldBeNull("the host is not signed");
        foreach (var name in new[] { "Accept", "Content-Type", "Gladly-Correlation-Id", "X-B3-TraceId", "Gladly-Time" })
        {
            Refuse(With(request, name, request.Header(name) + "0")).ShouldNotBeNull(name);
            Refuse(With(request, name, null)).ShouldNotBeNull(name);
        }
        Refuse(With(request, "User-Agent", "anything")).ShouldBeNull("it is not signed");
        GladlyRequestSignature.Refuse(request, ["test-apikey-2"u8.ToArray()], SignedAt).ShouldNotBeNull();
        GladlyRequestSignature.Refuse(request, ["test-apikey-2"u8.ToArray(), Key], SignedAt).ShouldBeNull("the key before is taken too");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic abc")]
    [InlineData("SigningAlgorithm=hmac-sha1, SignedHeaders=gladly-time, Signature=00")]
    [InlineData("SigningAlgorithm=hmac-sha256, Signature=00")]
    [InlineData("SigningAlgorithm=hmac-sha256, SignedHeaders=gladly-time")]
    [InlineData("SigningAlgorithm=hmac-sha256, SignedHeaders=gladly-time;nobody-sent-this, Signature=00")]
    [InlineData("SigningAlgorithm=hmac-sha256, SignedHeaders=;;;, Signature=00")]
    public void Refuses_a_header_that_it_cannot_read(string authorization) =>
        Refuse(With(Published(), "Gladly-Authorization", authorization))!.Reason.ShouldBe(RejectionReason.Signature);

    [Fact]
    public void The_time_must_be_signed()
    {
        var request = Published();
        string[] names = ["accept", "content-type"];
        var signature = GladlyRequestSignature.Sign(request, names, Key);

        Refuse(With(request, "Gladly-Authorization", $"SigningAlgorithm=hmac-sha256, SignedHeaders={string.Join(';', names)}, Signature={signature}"))!.Detail.ShouldContain("Gladly-Time");
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2019")]
    [InlineData("2019-02-13T21:40:16Z")]
    public void Refuses_a_time_that_is_none(string time) => Refuse(With(Published(), "Gladly-Time", time))!.Reason.ShouldBe(RejectionReason.Signature);

    [Fact]
    public void The_query_is_signed_in_order_whatever_order_it_came_in()
    {
        var (one, other) = (Published() with { Url = new("https://h.example/l?b=2&a=x%20y") }, Published() with { Url = new("https://h.example/l?a=x+y&b=2") });

        GladlyRequestSignature.Sign(one, ["gladly-time"], Key).ShouldBe(GladlyRequestSignature.Sign(other, ["gladly-time"], Key));
    }

    [Fact]
    public void Where_Basic_is_set_the_signature_alone_is_not_enough()
    {
        var connector = GladlyTests.Make(new() { ["LookupSigningKey"] = "test-apikey-1", ["LookupUser"] = "gladly", ["LookupPassword"] = "look-it-up" });

        connector.RefuseLookup(Published(), SignedAt)!.Reason.ShouldBe(RejectionReason.Signature);
        connector.RefuseLookup(With(Published(), "Authorization", GladlyTests.Basic("gladly", "look-it-up")), SignedAt).ShouldBeNull();
        connector.RefuseLookup(With(Published(), "Authorization", GladlyTests.Basic("gladly", "look-it-up2")), SignedAt).ShouldNotBeNull();
    }

    [Fact]
    public void Nobody_is_taken_without_a_signing_key() => GladlyTests.Connector.RefuseLookup(Published(), SignedAt).ShouldNotBeNull();

    [Theory]
    [InlineData("lookup-basic-request.json", false, null)]
    [InlineData("lookup-detailed-request.json", true, "12345")]
    [InlineData("lookup-detailed-request-external-id.json", true, "externalId1")]
    public void Reads_the_requests_that_the_vendor_publishes(string file, bool isDetailed, string? id)
    {
        var (lookup, fault) = GladlyLookup.Read(File.ReadAllBytes(SharedFiles.OrSkip("vendors", "payloads", "gladly", file)));

        fault.ShouldBeNull();
        (lookup!.IsDetailed, lookup.MustBeOne, lookup.ExternalCustomerId).ShouldBe((isDetailed, isDetailed, id));
        lookup.Emails.Count.ShouldBe(2);
        lookup.Phones.ShouldBe(["+15551234567"]);
    }

    [Fact]
    public void Reads_one_text_instead_of_a_list_and_the_attributes_of_a_manual_search()
    {
        var lookup = GladlyLookup.Read("""{"lookupLevel":"BASIC","query":{"emails":"a@example.com","email":"b@example.com","phone":"+15005550100","orderNumber":1001}}"""u8.ToArray()).Lookup!;

        lookup.Emails.ShouldBe(["a@example.com", "b@example.com"]);
        (lookup.Phones[0], lookup.OrderNumber).ShouldBe(("+15005550100", "1001"));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("""{"lookupLevel":"BASIC"}""", "query")]
    [InlineData("""{"query":{}}""", "lookupLevel")]
    [InlineData("""{"lookupLevel":"canary","query":{}}""", "lookupLevel")]
    [InlineData("""{"lookupLevel":"BASIC","query":{"emails":{"canary":1}}}""", "emails")]
    public void What_is_no_lookup_is_told_by_name_and_not_quoted(string body, string named)
    {
        var (lookup, fault) = GladlyLookup.Read(Encoding.UTF8.GetBytes(body));

        lookup.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain(named);
        fault.ShouldNotContain("canary");
    }

    private static WebhookVerdict.Refused? Refuse(WebhookRequest request, DateTimeOffset? now = null) => GladlyRequestSignature.Refuse(request, [Key], now ?? SignedAt);

    /// <summary>The example of the vendor's page on request signing.</summary>
    private static WebhookRequest Published() => new(
        "POST",
        new("https://example.organization.com/api/v2/customer/lookup"),
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/json",
            ["Accept"] = "application/json",
            ["Gladly-Correlation-Id"] = "vXmSEPjVSWCaCMzvjufxZg",
            ["X-B3-TraceId"] = "bd799210f8d549609a08ccef8ee7f166",
            ["Gladly-Time"] = "20190213T214016Z",
            ["Gladly-Authorization"] = "SigningAlgorithm=hmac-sha256, SignedHeaders=accept;content-type;gladly-correlation-id;gladly-time;x-b3-traceid, "
                + "Signature=4c633fca4914f51df04c9ec40f4545d66d653e771c6634e33eed52a242bc278c",
        },
        Encoding.UTF8.GetBytes(
            """{"lookupLevel":"DETAILED","query":{"emails":["martha.williams@gmail.com"],"externalCustomerId":"abc","favoriteDate":"2018-08-19T07:00:00.000Z","favoriteFood":"Apple Pie","id":"o2sg-TMTSD2rTwMuxzewbA","name":"Martha Williams","phones":["+15013299800"]},"uniqueMatchRequired":true}"""));

    private static WebhookRequest With(WebhookRequest request, string header, string? value)
    {
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        if (value is null)
            headers.Remove(header);
        else
            headers[header] = value;
        return request with { Headers = headers };
    }
}
