using System.Text;
using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.EndToEnd.Tests.Load;

public sealed class HttpAnswerTests
{
    private const string Body = """{"status":"accepted","deliveryId":"d"}""";
    private static readonly string WithLength = $"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
    private static readonly string Chunked = $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";

    public static TheoryData<string> Answers => [WithLength, Chunked];

    [Theory, MemberData(nameof(Answers))]
    public void Is_complete_with_its_last_byte_and_not_before(string answer)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);

        for (var length = 0; length < bytes.Length; length++)
            HttpAnswer.TryParse(bytes.AsSpan(0, length), out _).ShouldBeFalse();
        HttpAnswer.TryParse(bytes, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(Answer.Accepted);
    }

    [Theory]
    [InlineData("503 Service Unavailable", "accepted", Answer.Refused)]
    [InlineData("200 OK", "duplicate", Answer.Duplicate)]
    [InlineData("200 OK", "quarantined", Answer.Quarantined)]
    [InlineData("200 OK", "something else", Answer.Refused)]
    public void Only_a_200_with_a_known_word_counts(string status, string word, Answer expected)
    {
        var body = $$"""{"status":"{{word}}"}""";

        HttpAnswer.TryParse(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}"), out var answer).ShouldBeTrue();

        answer.ShouldBe(expected);
    }
}
