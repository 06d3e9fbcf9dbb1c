using ValueChainHub.Heads.Tests.Conventions;

namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>The repository's <c>infra</c> folder.</summary>
internal static class InfraFolder
{
    /// <summary>Every file, by its path below <c>infra</c>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } =
        Repository.Files("infra", "*").ToDictionary(path => path["infra/".Length..], Repository.Text, StringComparer.Ordinal);

    public static BicepChecks Checks { get; } = new(Texts);

    public static BicepFile File(string path) => Checks.Files.Single(file => file.Path == path);
}
