using ValueChainHub.Core.Checks;

namespace ValueChainHub.Hosting.Checks;

/// <summary>What was found in a folder of saved webhook bodies.</summary>
/// <param name="Folder">The folder, as it was named.</param>
/// <param name="Files">Every file of it, counted.</param>
/// <param name="Topics">What the understood ones are.</param>
/// <param name="NotActedOn">Bodies that the hub takes and does nothing with.</param>
/// <param name="NotUnderstood">Files that say nothing, and what to do about each.</param>
/// <param name="Report">What the bodies mean together.</param>
public sealed record FolderCheck(
    string Folder, FileCounts Files, IReadOnlyList<TopicCount> Topics, IReadOnlyList<FileNote> NotActedOn, IReadOnlyList<FileNote> NotUnderstood, CheckReport Report);

/// <summary>Found = understood + not acted on + not understood + headers: no file is left out.</summary>
/// <param name="Found">Files in the folder.</param>
/// <param name="Understood">Bodies that mean something to the hub.</param>
/// <param name="Copies">Those of them that are another file once more.</param>
/// <param name="Thin">Those of them that point at more, which a running hub fetches from the vendor.</param>
/// <param name="NotActedOn">Webhooks that the hub takes and does nothing with.</param>
/// <param name="NotUnderstood">Files that say nothing.</param>
/// <param name="Headers">Files of headers beside a body.</param>
public sealed record FileCounts(int Found, int Understood, int Copies, int Thin, int NotActedOn, int NotUnderstood, int Headers);

/// <summary>How many bodies of one topic.</summary>
public sealed record TopicCount(string Vendor, string Topic, int Bodies);

/// <summary>A file, what is wrong with it, and what to do.</summary>
public sealed record FileNote(string File, string Reason, string? Remedy);
