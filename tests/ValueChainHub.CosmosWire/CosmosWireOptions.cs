namespace ValueChainHub.CosmosWire;

/// <summary>What a test decides about the server before it starts.</summary>
public sealed record CosmosWireOptions
{
    /// <summary>The clock that stamps items and lets them expire.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Physical partitions of every container. Four, so that a feed that reads one range only is noticed.</summary>
    public int Ranges { get; init; } = 4;

    /// <summary>0 for any free port.</summary>
    public int Port { get; init; }
}
