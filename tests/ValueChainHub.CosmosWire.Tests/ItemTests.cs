using System.Net;
using Microsoft.Azure.Cosmos;

namespace ValueChainHub.CosmosWire.Tests;

public sealed class ItemTests : WireTest
{
    [Fact]
    public async Task An_item_is_read_back_with_the_etag_of_its_creation()
    {
        var created = await CreateAsync(new("a", "p", 1, "süß"));

        var read = await Items.ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation);

        (created.StatusCode, read.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK));
        read.Resource.ShouldBe(new("a", "p", 1, "süß"));
        read.ETag.ShouldBe(created.ETag);
    }

    [Fact]
    public async Task The_same_id_in_another_partition_is_another_item()
    {
        await CreateAsync(new("a", "p", 1));
        await CreateAsync(new("a", "q", 2));

        (await Items.ReadItemAsync<Row>("a", new("q"), cancellationToken: Cancellation)).Resource.N.ShouldBe(2);
        (await RefusedAsync(() => CreateAsync(new("a", "p", 3)))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_upsert_creates_and_then_replaces_under_a_new_etag()
    {
        var first = await Items.UpsertItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: Cancellation);
        var second = await Items.UpsertItemAsync(new Row("a", "p"), new PartitionKey("p"), cancellationToken: Cancellation);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK));
        second.ETag.ShouldNotBe(first.ETag);
    }

    [Fact]
    public async Task A_replace_or_delete_under_an_old_etag_is_refused()
    {
        var old = (await CreateAsync(new("a", "p"))).ETag;
        var current = (await Items.ReplaceItemAsync(new Row("a", "p", 1), "a", new("p"), new() { IfMatchEtag = old }, Cancellation)).ETag;

        var replace = await RefusedAsync(() => Items.ReplaceItemAsync(new Row("a", "p", 2), "a", new("p"), new() { IfMatchEtag = old }, Cancellation));
        var delete = await RefusedAsync(() => Items.DeleteItemAsync<Row>("a", new("p"), new() { IfMatchEtag = old }, Cancellation));

        (replace.StatusCode, delete.StatusCode).ShouldBe((HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed));
        (await Items.DeleteItemAsync<Row>("a", new("p"), new() { IfMatchEtag = current }, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_is_missing_is_not_found()
    {
        (await RefusedAsync(() => Items.ReadItemAsync<Row>("a", new("p"), cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await RefusedAsync(() => Items.ReplaceItemAsync(new Row("a", "p"), "a", new("p"), cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await RefusedAsync(() => Items.DeleteItemAsync<Row>("a", new("p"), cancellationToken: Cancellation))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_write_answers_without_the_item_when_it_is_not_wanted()
    {
        var quiet = new ItemRequestOptions { EnableContentResponseOnWrite = false };

        var created = await Items.CreateItemAsync(new Row("a", "p"), new("p"), quiet, Cancellation);

        created.Resource.ShouldBeNull();
        created.ETag.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_partition_key_other_than_the_bodys_is_refused()
    {
        var refused = await RefusedAsync(() => Items.CreateItemAsync(new Row("a", "p"), new PartitionKey("q"), cancellationToken: Cancellation));

        (refused.StatusCode, refused.SubStatusCode).ShouldBe((HttpStatusCode.BadRequest, 1001));
    }

    [Theory]
    [InlineData(2_000_000, HttpStatusCode.Created)]
    [InlineData(2_097_152, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_item_may_have_two_megabytes(int length, HttpStatusCode status)
    {
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"a","pk":"p","text":"{{new string('x', length)}}"}"""));

        using var answer = await Items.CreateItemStreamAsync(body, new("p"), cancellationToken: Cancellation);

        answer.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%b")]
    public async Task An_id_that_cannot_be_addressed_is_refused(string id) =>
        (await RefusedAsync(() => CreateAsync(new(id, "p")))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_id_with_every_other_printable_character_is_addressed()
    {
        var id = new string([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(one => !"/\\?#%".Contains(one))]);
        await CreateAsync(new(id, "p", 7));

        (await Items.ReadItemAsync<Row>(id, new("p"), cancellationToken: Cancellation)).Resource.N.ShouldBe(7);
    }

    [Fact]
    public async Task Of_many_that_replace_under_one_etag_one_succeeds()
    {
        var etag = (await CreateAsync(new("a", "p"))).ETag;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => TryReplaceAsync(n, etag)));

        answers.Count(status => status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.PreconditionFailed).ShouldBe(19);
    }

    private async Task<HttpStatusCode> TryReplaceAsync(int n, string etag)
    {
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"a","pk":"p","n":{{n}}}"""));
        using var answer = await Items.ReplaceItemStreamAsync(body, "a", new("p"), new() { IfMatchEtag = etag }, Cancellation);
        return answer.StatusCode;
    }
}
