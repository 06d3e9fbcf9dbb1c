namespace ValueChainHub.Connectors.Kit;

/// <summary>A body cannot be read. The message names the field and never quotes its value.</summary>
/// <remarks>Thrown and caught inside one translation: it ends the reading, however deep.</remarks>
internal sealed class UnreadableBodyException(string reason) : Exception(reason);
