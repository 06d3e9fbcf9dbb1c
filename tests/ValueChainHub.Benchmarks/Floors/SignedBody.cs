using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ValueChainHub.Benchmarks.Floors;

/// <summary>What the floors and the stand-in read of an order.</summary>
public readonly record struct OrderFacts(long Id, string Email, string Total, string Currency, bool Paid);

/// <summary>Reads a webhook's raw bytes, checks the signature over them, and finds the few values that are stored.</summary>
public static class SignedBody
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("Connectors__shopify__WebhookSecret") ?? "");

    /// <summary>The body when it is genuine, else null. The array is rented: give it back.</summary>
    public static async Task<ArraySegment<byte>?> ReadAsync(HttpRequest request)
    {
        var length = (int)(request.ContentLength ?? 0);
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        await ReadAsync(request, bytes.AsMemory(0, length));
        if (IsGenuine(bytes.AsSpan(0, length), request.Headers["X-Shopify-Hmac-Sha256"].ToString()))
            return new ArraySegment<byte>(bytes, 0, length);
        ArrayPool<byte>.Shared.Return(bytes);
        return null;
    }

    // Straight from the pipe: this is a floor.
    private static async ValueTask ReadAsync(HttpRequest request, Memory<byte> target)
    {
        var reader = request.BodyReader;
        var read = await reader.ReadAtLeastAsync(target.Length, request.HttpContext.RequestAborted);
        if (read.Buffer.Length < target.Length)
            throw new BadHttpRequestException("The body ended early.");
        read.Buffer.Slice(0, target.Length).CopyTo(target.Span);
        reader.AdvanceTo(read.Buffer.End);
    }

    public static OrderFacts Facts(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var (id, email, total, currency, paid) = (0L, "", "", "", false);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var name = reader.ValueSpan;
            if (name.SequenceEqual("id"u8) && reader.Read())
                id = reader.GetInt64();
            else if (name.SequenceEqual("email"u8) && reader.Read())
                email = reader.GetString()!.ToLowerInvariant();
            else if (name.SequenceEqual("total_price"u8) && reader.Read())
                total = reader.GetString()!;
            else if (name.SequenceEqual("currency"u8) && reader.Read())
                currency = reader.GetString()!;
            else if (name.SequenceEqual("financial_status"u8) && reader.Read())
                paid = reader.ValueTextEquals("paid"u8);
        }
        return new OrderFacts(id, email, total, currency, paid);
    }

    private static bool IsGenuine(ReadOnlySpan<byte> body, string signature)
    {
        Span<byte> hash = stackalloc byte[32];
        Span<byte> expected = stackalloc byte[44];
        HMACSHA256.HashData(Secret, body, hash);
        Base64.EncodeToUtf8(hash, expected, out _, out _);
        Span<byte> given = stackalloc byte[44];
        return signature.Length == 44 && Encoding.ASCII.GetBytes(signature, given) == 44 && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
