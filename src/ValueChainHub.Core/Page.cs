namespace ValueChainHub.Core;

/// <summary>A page of a list; a null cursor ends it.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Cursor);
