using System.Buffers.Text;

namespace ValueChainHub.Benchmarks.Generator;

/// <summary>Reads just enough of an HTTP/1.1 answer: whether it is complete, its status, and the hub's word in the body.</summary>
public static class HttpAnswer
{
    /// <summary>False while bytes are missing. Nothing is pipelined, so the answer ends where the bytes end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Answer answer)
    {
        answer = Answer.Refused;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
            return false;
        var head = bytes[..headEnd];
        var body = bytes[(headEnd + 4)..];
        if (!IsComplete(head, body))
            return false;
        if (head.Length > 12 && head[9..12].SequenceEqual("200"u8))
            answer = WordOf(body);
        return true;
    }

    private static Answer WordOf(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"accepted\""u8) >= 0)
            return Answer.Accepted;
        if (body.IndexOf("\"duplicate\""u8) >= 0)
            return Answer.Duplicate;
        return body.IndexOf("\"quarantined\""u8) >= 0 ? Answer.Quarantined : Answer.Refused;
    }

    private static bool IsComplete(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
            return body.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(head[(at + 18)..], out int length, out _) && body.Length >= length;
    }
}
