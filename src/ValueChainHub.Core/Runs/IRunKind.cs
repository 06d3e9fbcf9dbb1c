using System.Text.Json;

namespace ValueChainHub.Core.Runs;

/// <summary>What runs of one kind do.</summary>
/// <remarks>
/// 1. A step is bounded: seconds, not minutes. What is left is another step.
/// 2. A step is idempotent: a crash before its result is kept means that the same step is taken again, from the same position.
/// 3. A step reads where it is from <see cref="Run.Position"/> and keeps nothing of its own between steps: the next one may be taken by another process.
/// 4. What a step throws is tried again by the retry schedule, and after its last wait the run has failed.
/// </remarks>
public interface IRunKind
{
    string Kind { get; }

    ValueTask<RunStep> StepAsync(Run run, CancellationToken cancellationToken);
}

/// <summary>What came of a step. Positions and reports are in the kind's own shape.</summary>
public abstract record RunStep
{
    private RunStep(JsonElement report) => Report = report;

    /// <summary>What came of the run so far.</summary>
    public JsonElement Report { get; }

    /// <summary>There is more, right away.</summary>
    public sealed record More(JsonElement Position, JsonElement Report) : RunStep(Report);

    /// <summary>There is more, but not now: a vendor closed its line. That is no failure.</summary>
    public sealed record Later(JsonElement Position, JsonElement Report, DateTimeOffset NotBefore, string Reason) : RunStep(Report);

    /// <summary>Nothing is left.</summary>
    public sealed record Done(JsonElement Report) : RunStep(Report);

    /// <summary>It cannot go on unless a person changes something and resumes it.</summary>
    public sealed record Failed(JsonElement Report, string Reason) : RunStep(Report);
}
