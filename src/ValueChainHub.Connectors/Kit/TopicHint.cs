namespace ValueChainHub.Connectors.Kit;

/// <summary>Topics as people write them into the names of files and folders.</summary>
internal static class TopicHint
{
    /// <summary>The longest of the topics whose words stand in the hint, in their order and side by side: <c>orders/create</c> in <c>2026/orders-create-0001</c>.</summary>
    public static string? Find(string hint, IEnumerable<string> topics)
    {
        var words = Words(hint);
        return topics.Where(topic => words.Contains(Words(topic), StringComparison.Ordinal)).MaxBy(topic => (topic.Length, topic));
    }

    /// <summary><c> orders create </c>: with a blank at both ends, so that only whole words are found.</summary>
    private static string Words(string text) => $" {string.Join(' ', text.ToLowerInvariant().Split(['/', '\\', '-', '_', '.', ' ', ','], StringSplitOptions.RemoveEmptyEntries))} ";
}
