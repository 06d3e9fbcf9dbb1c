using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.Shopify;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyFileTests
{
    private const string Lines =
        """
        {"id":"gid://shopify/Order/1","updatedAt":"2026-01-01T00:00:00Z"}
        {"id":"gid://shopify/LineItem/11","__parentId":"gid://shopify/Order/1"}
        {"id":"gid://shopify/Return/12","__parentId":"gid://shopify/Order/1"}
        {"id":"gid://shopify/Order/2","updatedAt":"2026-01-02T00:00:00Z"}
        {"id":"gid://shopify/Order/3","updatedAt":"2026-01-03T00:00:00Z"}
        {"id":"gid://shopify/LineItem/31","__parentId":"gid://shopify/Order/3"}

        """;

    private static readonly byte[] File = Encoding.UTF8.GetBytes(Lines.ReplaceLineEndings("\n"));
    private static readonly Uri Address = new("https://storage.googleapis.com/shopify-tiers/bulk?Signature=abc");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Wherever a piece is cut, the things come once, with all their parts.</summary>
    [Fact]
    public void Things_are_whole_wherever_the_file_is_cut()
    {
        for (var first = 0; first <= File.Length; first++)
        {
            var read = ShopifyRecords.Read(File.AsMemory(0, first), isEnd: first == File.Length, most: 100);
            var rest = ShopifyRecords.Read(File.AsMemory(read.Length), isEnd: true, most: 100);
            read.Records.Concat(rest.Records).Select(record => (record.Item.Id, record.Parts.Count)).ShouldBe([("1", 2), ("2", 0), ("3", 1)], $"cut at {first}");
        }
    }

    [Fact]
    public void A_page_has_no_more_things_than_were_asked_for_and_the_next_one_goes_on_behind_them()
    {
        var first = ShopifyRecords.Read(File, isEnd: true, most: 2);
        var second = ShopifyRecords.Read(File.AsMemory(first.Length), isEnd: true, most: 2);

        (first.Records.Count, first.IsAll).ShouldBe((2, false));
        second.Records.ShouldHaveSingleItem().Parts.Count.ShouldBe(1);
        second.IsAll.ShouldBeTrue();
    }

    [Fact]
    public void A_part_away_from_its_thing_is_refused()
    {
        var file = Encoding.UTF8.GetBytes("{\"id\":\"gid://shopify/Order/1\"}\n{\"id\":\"gid://shopify/LineItem/2\",\"__parentId\":\"gid://shopify/Order/9\"}\n");

        Should.Throw<UnreadableBodyException>(() => ShopifyRecords.Read(file, isEnd: true, most: 10));
    }

    [Theory]
    [InlineData("https://storage.googleapis.com/bucket/file?Signature=x", true)]
    [InlineData("https://demo.myshopify.com/file", true)]
    [InlineData("http://storage.googleapis.com/file", false)]
    [InlineData("https://storage.googleapis.com.evil.example/file", false)]
    [InlineData("https://storage.googleapis.com:8443/file", false)]
    [InlineData("https://user@storage.googleapis.com/file", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Only_the_vendors_storage_and_the_shop_are_asked(string url, bool isTaken) =>
        new ShopifyFile(new HttpClient(), ["demo.myshopify.com"], allowsHttp: false).Takes(new(url)).ShouldBe(isTaken);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_piece_is_the_same_from_a_storage_with_ranges_and_from_one_without(bool hasRanges)
    {
        var file = FileOf(request => Answer(request, hasRanges));

        var (middle, end, behind) = (await ReadAsync(file, 10, 20), await ReadAsync(file, File.Length - 5, 20), await ReadAsync(file, 0, File.Length));

        middle.Value!.Bytes.ToArray().ShouldBe(File[10..30]);
        middle.Value.IsEnd.ShouldBeFalse();
        end.Value!.Bytes.ToArray().ShouldBe(File[^5..]);
        end.Value.IsEnd.ShouldBeTrue();
        behind.Value!.IsEnd.ShouldBeTrue();
    }

    [Fact]
    public async Task The_storage_gets_no_token_and_a_redirect_is_not_followed()
    {
        HttpRequestMessage? asked = null;
        var file = FileOf(request =>
        {
            asked = request;
            return new(HttpStatusCode.Found) { Headers = { Location = new("https://elsewhere.example/") } };
        });

        (await ReadAsync(file, 0, 10)).Failure!.Value.Reason.ShouldNotContain("Signature");

        asked!.Headers.Select(header => header.Key).ShouldBe(["Range"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_was_cut_off_on_its_way_is_no_end(bool hasRanges)
    {
        var file = FileOf(request =>
        {
            var answer = Answer(request, hasRanges);
            var (whole, range) = (answer.Content.ReadAsByteArrayAsync(Token).Result, answer.Content.Headers.ContentRange);
            answer.Content = new StreamContent(new MemoryStream(whole[..^3]));
            answer.Content.Headers.ContentLength = whole.Length;
            answer.Content.Headers.ContentRange = range;
            return answer;
        });

        (await ReadAsync(file, 10, File.Length)).Value.ShouldBeNull();
    }

    private static Task<Answer<ShopifyPiece>> ReadAsync(ShopifyFile file, long from, int length) => file.ReadAsync(Address, from, length, Token);

    private static ShopifyFile FileOf(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(new HttpClient(new Storage(answer)), [], allowsHttp: false);

    private static HttpResponseMessage Answer(HttpRequestMessage request, bool hasRanges)
    {
        if (!hasRanges)
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(File) };
        var range = request.Headers.Range!.Ranges.Single();
        var (from, until) = ((int)range.From!, (int)Math.Min(range.To!.Value + 1, File.Length));
        var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(File[from..until]) };
        answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, until - 1, File.Length);
        return answer;
    }

    private sealed class Storage(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
