namespace ValueChainHub.Core.Connectors;

/// <summary>A connector that calls its vendor.</summary>
public interface ICallingConnector : IConnector
{
    /// <summary>What all its calls go through; null when nothing limits them.</summary>
    IVendorLine? Line => null;
}

/// <summary>The one line by which a connector calls its vendor. It keeps the vendor's rate limit, and it is broken off while the vendor does not answer or refuses the credentials.</summary>
/// <remarks>
/// 1. While <see cref="NotBefore"/> says a time, no call is made, whoever asks; what waits behind the line waits where it is.
/// 2. A broken line is tried with single calls, further and further apart, until one is answered.
/// 3. What it knows is this process's own and is lost with it: a vendor says everything again in its next answer.
/// </remarks>
public interface IVendorLine
{
    /// <summary>Null: a call may be made now. Otherwise not before this time.</summary>
    DateTimeOffset? NotBefore { get; }

    /// <summary>False while the line is broken, or tried again after it was: then a call that fails says nothing about what it asked for.</summary>
    bool Stands { get; }

    LineState Read();
}

/// <summary>How a line is doing, for people.</summary>
/// <param name="Breaker"><c>closed</c>: calls are made; <c>open</c>: none are; <c>halfOpen</c>: one is being tried.</param>
/// <param name="Reason">Why it is not closed.</param>
/// <param name="NotBefore">When the next call may be made, if not now.</param>
/// <param name="Calls">The limit: so many calls ...</param>
/// <param name="PerSeconds">... in any span of so many seconds.</param>
public sealed record LineState(string Breaker, string? Reason, DateTimeOffset? NotBefore, int Calls, double PerSeconds);
