using System.Text.Json;
using ValueChainHub.CosmosWire.Faults;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>The server says no, with the status, the sub-status and the body of the service.</summary>
internal sealed class WireRefusal(int status, string code, string message, int subStatus = 0) : Exception(message)
{
    /// <summary>Of something this server does not do: a status of its own, and the test that asked has to fail.</summary>
    public const int UnsupportedStatus = 501;

    public int Status { get; } = status;

    public int SubStatus { get; } = subStatus;

    public TimeSpan? RetryAfter { get; private init; }

    public bool IsViolation => Status == UnsupportedStatus;

    public static WireRefusal Unsupported(string what) => new(UnsupportedStatus, "NotImplemented", "The wire server does not do this: " + what);

    public static WireRefusal BadRequest(string message, int subStatus = 0) => new(400, "BadRequest", message, subStatus);

    /// <summary>1003: the container or the database is missing, not the item.</summary>
    public static WireRefusal OwnerNotFound() => new(404, "NotFound", "Owner resource does not exist", 1003);

    public static WireRefusal NotFound() => new(404, "NotFound", "Resource Not Found");

    public static WireRefusal Conflict() => new(409, "Conflict", "Resource with specified id, name, or unique index already exists.");

    public static WireRefusal PreconditionFailed() => new(412, "PreconditionFailed", "One of the specified pre-condition is not met");

    public static WireRefusal TooLarge() => new(413, "RequestEntityTooLarge", "Request size is too large");

    public static WireRefusal Of(WireFault fault) => new(fault.Status, fault.Code, "The fault plan says so.", fault.SubStatus) { RetryAfter = fault.RetryAfter };

    public WireAnswer ToAnswer() => new(Status, JsonSerializer.SerializeToUtf8Bytes(new { code, message = Message })) { SubStatus = SubStatus, RetryAfter = RetryAfter };
}
