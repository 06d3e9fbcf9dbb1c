using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ValueChainHub.Connectors.Kit;

/// <summary>What a vendor answered, read; or why there is nothing to use. One of the two is null.</summary>
internal readonly record struct Answer<T>(T? Value, CallFailure? Failure)
    where T : class
{
    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(CallFailure failure) => new(null, failure);

    /// <summary>The same in other words; a failure stays what it is, and so does an answer that cannot be read.</summary>
    public Answer<TOther> Then<TOther>(string expected, Func<T, TOther> read)
        where TOther : class
    {
        if (Value is null)
            return Failure!.Value;
        try
        {
            return read(Value);
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or UnreadableBodyException)
        {
            return CallFailure.Unreadable(expected);
        }
    }
}

/// <summary>One thing of a vendor's list.</summary>
/// <param name="Id">The vendor's id of it, as its webhooks spell it.</param>
/// <param name="UpdatedAt">The vendor's time of its last change; null when it does not say.</param>
/// <param name="Body">All of it, as the vendor wrote it.</param>
internal sealed record VendorItem(string Id, DateTimeOffset? UpdatedAt, JsonElement Body);

/// <summary>An answer that is one JSON object, to be read member by member.</summary>
internal sealed record JsonAnswer(JsonElement Root);

/// <summary>Calls whose answers are read.</summary>
internal static class TypedCalls
{
    /// <param name="line">The line to call by.</param>
    /// <param name="expected">What should be answered, to end a sentence with.</param>
    /// <param name="type">How it is read.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's own; only it is thrown.</param>
    public static async Task<Answer<T>> AskAsync<T>(
        this VendorLine line, string expected, JsonTypeInfo<T> type, Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
        where T : class
    {
        var reply = await line.CallAsync(call, cancellationToken);
        return reply.Failure is { } failure ? failure : Parse(expected, type, reply);
    }

    /// <summary>A call whose answer is one JSON object.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public static async Task<Answer<JsonAnswer>> AskAsync(this VendorLine line, string expected, Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        var reply = await line.CallAsync(call, cancellationToken);
        if (reply.Failure is { } failure)
            return failure;
        return JsonBody.ParseObject(reply.Body) is { } body ? new JsonAnswer(body) : Unreadable(expected, reply);
    }

    /// <summary>A call whose answer says no more than that it was done. Null: it was.</summary>
    public static async Task<CallFailure?> TellAsync(this VendorLine line, Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken) =>
        (await line.CallAsync(call, cancellationToken)).Failure;

    private static Answer<T> Parse<T>(string expected, JsonTypeInfo<T> type, VendorReply reply)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(reply.Body, type) is { } value)
                return value;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Said below, as for an answer that is null.
        }
        return Unreadable(expected, reply);
    }

    private static CallFailure Unreadable(string expected, VendorReply reply) =>
        CallFailure.Unreadable(expected) with { Status = (int?)reply.Status, Marks = new(null, reply.RequestId) };
}
