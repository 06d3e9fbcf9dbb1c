using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ValueChainHub.Benchmarks.Generator;

/// <summary>What a stretch of load came to.</summary>
/// <param name="Answered">Deliveries answered with 200.</param>
/// <param name="Elapsed">From the first send to the last answer.</param>
/// <param name="Latencies">From the first byte sent to the last byte read, of the answered ones.</param>
public sealed record LoadResult(long Answered, TimeSpan Elapsed, Latencies Latencies)
{
    public double PerSecond => Answered / Math.Max(Elapsed.TotalSeconds, 0.001);
}

/// <summary>When a stretch of load ends.</summary>
/// <param name="Duration">Nothing new is sent after this long.</param>
/// <param name="Reconnect">Whether a broken connection is opened again; false when the server is about to be killed.</param>
public sealed record LoadLimits(TimeSpan Duration, bool Reconnect = true);

/// <summary>A closed loop of keep-alive HTTP/1.1 connections on one thread: as little work as a client can do, so that the server is what is measured.</summary>
public sealed class HttpLoad(IPEndPoint server, int connections, DeliveryStream stream, OrderRequests requests)
{
    private const int MostReconnects = 1000;
    private static readonly TimeSpan PatienceForAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(200);

    private readonly List<Socket> waiting = new(connections);
    private readonly Dictionary<Socket, Connection> bySocket = new(connections);
    private readonly byte[] buffer = new byte[requests.LongestRequest];
    private readonly Latencies latencies = new();
    private long answered;
    private int reconnects;

    /// <summary>The first lines of the first answer that was not a 200 with a known word; null when there was none.</summary>
    public string? FirstRefusal { get; private set; }

    /// <summary>Sends until the stream has nothing more or the time is over, then waits for the answers that are still due.</summary>
    public LoadResult Run(LoadLimits limits, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var ends = started + (long)(limits.Duration.TotalSeconds * Stopwatch.Frequency);
        for (var i = 0; i < connections; i++)
        {
            if (Open(limits) is { } connection)
                bySocket.Add(connection.Socket, connection);
        }
        try
        {
            while (bySocket.Count > 0 && !cancellationToken.IsCancellationRequested)
            {
                var now = Stopwatch.GetTimestamp();
                if (now < ends)
                    Feed(now, limits);
                if (!CollectWaiting(now, limits))
                {
                    if (now >= ends || stream.Unanswered == 0)
                        break;
                    Thread.Sleep(5);
                    continue;
                }
                Socket.Select(waiting, null, null, TimeSpan.FromMilliseconds(100));
                foreach (var socket in waiting)
                    Receive(bySocket[socket], limits, ends);
            }
        }
        finally
        {
            foreach (var connection in bySocket.Values)
                Abandon(connection);
            bySocket.Clear();
        }
        return new LoadResult(answered, Stopwatch.GetElapsedTime(started), latencies);
    }

    private bool CollectWaiting(long now, LoadLimits limits)
    {
        waiting.Clear();
        Connection? stuck = null;
        foreach (var connection in bySocket.Values)
        {
            if (connection.Pending is null)
                continue;
            waiting.Add(connection.Socket);
            if (Stopwatch.GetElapsedTime(connection.SentAt, now) > PatienceForAnswer)
                stuck = connection;
        }
        if (stuck is not null)
        {
            waiting.Remove(stuck.Socket);
            Broken(stuck, limits);
        }
        return waiting.Count > 0;
    }

    private void Feed(long now, LoadLimits limits)
    {
        List<Connection>? broken = null;
        foreach (var connection in bySocket.Values)
        {
            if (connection.Pending is null && now >= connection.RestUntil && !TrySend(connection, out var sent))
            {
                if (!sent)
                    break;
                (broken ??= []).Add(connection);
            }
        }
        foreach (var connection in broken ?? [])
            Broken(connection, limits);
    }

    /// <summary>False with <paramref name="tried"/> false when there is nothing to send, with true when the connection broke.</summary>
    private bool TrySend(Connection connection, out bool tried)
    {
        tried = stream.TryNext(out var delivery);
        if (!tried)
            return false;
        connection.Pending = delivery;
        connection.Received = 0;
        var length = requests.Write(stream.Plan.At(delivery.Index), buffer);
        connection.SentAt = Stopwatch.GetTimestamp();
        try
        {
            var sent = 0;
            while (sent < length)
                sent += connection.Socket.Send(buffer.AsSpan(sent, length - sent));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Receive(Connection connection, LoadLimits limits, long ends)
    {
        int read;
        try
        {
            read = connection.Socket.Receive(connection.Buffer.AsSpan(connection.Received));
        }
        catch (SocketException)
        {
            read = 0;
        }
        if (read == 0)
        {
            Broken(connection, limits);
            return;
        }
        connection.Received += read;
        if (!HttpAnswer.TryParse(connection.Buffer.AsSpan(0, connection.Received), out var answer))
            return;
        if (answer == Answer.Refused)
            FirstRefusal ??= Encoding.UTF8.GetString(connection.Buffer.AsSpan(0, Math.Min(connection.Received, 600)));
        Answered(connection, answer);
        var now = Stopwatch.GetTimestamp();
        if (now < ends && now >= connection.RestUntil && !TrySend(connection, out var tried) && tried)
            Broken(connection, limits);
    }

    private void Answered(Connection connection, Answer answer)
    {
        var delivery = connection.Pending!.Value;
        connection.Pending = null;
        stream.Note(delivery, answer);
        if (answer == Answer.Refused)
        {
            connection.RestUntil = Stopwatch.GetTimestamp() + (long)(PauseAfterRefusal.TotalSeconds * Stopwatch.Frequency);
            return;
        }
        answered++;
        latencies.Add(Stopwatch.GetTimestamp() - connection.SentAt);
    }

    private void Broken(Connection connection, LoadLimits limits)
    {
        bySocket.Remove(connection.Socket);
        Abandon(connection);
        if (limits.Reconnect && reconnects++ < MostReconnects && Open(limits) is { } next)
            bySocket.Add(next.Socket, next);
    }

    private void Abandon(Connection connection)
    {
        if (connection.Pending is { } delivery)
            stream.NoteLost(delivery);
        connection.Pending = null;
        connection.Socket.Dispose();
    }

    private Connection? Open(LoadLimits limits)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(server);
            return new Connection(socket);
        }
        catch (SocketException) when (!limits.Reconnect)
        {
            socket.Dispose();
            return null;
        }
    }

    private sealed class Connection(Socket socket)
    {
        public Socket Socket => socket;
        public byte[] Buffer { get; } = new byte[16 * 1024];
        public int Received { get; set; }
        public Delivery? Pending { get; set; }
        public long SentAt { get; set; }
        public long RestUntil { get; set; }
    }
}
