using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ValueChainHub.Benchmarks;

/// <summary>One cheap GET over a connection of its own.</summary>
public static class Probe
{
    public static bool Answers200(IPEndPoint server, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 2000 };
        try
        {
            socket.Connect(server);
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
            Span<byte> answer = stackalloc byte[64];
            var read = socket.Receive(answer);
            return read > 12 && answer[9..12].SequenceEqual("200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
