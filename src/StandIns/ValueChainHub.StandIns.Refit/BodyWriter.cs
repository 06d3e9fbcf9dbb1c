using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Refit;

/// <summary>Makes the request's content of the argument that is the body.</summary>
internal static class BodyWriter
{
    private static readonly MethodInfo Serialize = typeof(IHttpContentSerializer).GetMethod(nameof(IHttpContentSerializer.ToHttpContent))!;

    public static HttpContent Write(RestParameter parameter, object? body, RefitSettings settings)
    {
        var how = parameter.Body?.SerializationMethod ?? BodySerializationMethod.Default;
        return body switch
        {
            HttpContent content => content,
            Stream stream => new StreamContent(new LentStream(stream)),
            string text when how == BodySerializationMethod.Default => new StringContent(text),
            string text when how == BodySerializationMethod.UrlEncoded =>
                new StringContent(Uri.EscapeDataString(text), Encoding.UTF8, "application/x-www-form-urlencoded"),
            not null when how == BodySerializationMethod.UrlEncoded => new FormUrlEncodedContent(FieldsOf(body, settings)),
            _ => (HttpContent)Serialize.MakeGenericMethod(parameter.Info.ParameterType).Invoke(settings.ContentSerializer, [body])!,
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> FieldsOf(object body, RefitSettings settings)
    {
        if (body is IDictionary map)
        {
            foreach (DictionaryEntry entry in map)
            {
                if (entry.Value is not null)
                    yield return KeyValuePair.Create(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, WireText.Of(entry.Value, format: null)!);
            }

            yield break;
        }

        foreach (var property in body.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetMethod is not { IsPublic: true } || property.GetValue(body) is not { } value)
                continue;

            var name = property.GetCustomAttribute<AliasAsAttribute>()?.Name ?? settings.ContentSerializer.GetFieldNameForProperty(property) ?? property.Name;
            var format = property.GetCustomAttribute<QueryAttribute>()?.Format;
            if (value is IEnumerable values and not string)
                yield return KeyValuePair.Create(name, string.Join(',', values.Cast<object?>().Select(item => WireText.Of(item, format))));
            else
                yield return KeyValuePair.Create(name, WireText.Of(value, format)!);
        }
    }

    /// <summary>The caller's stream: read here, closed there.</summary>
    private sealed class LentStream(Stream stream) : Stream
    {
        public override bool CanRead => stream.CanRead;

        public override bool CanSeek => stream.CanSeek;

        public override bool CanWrite => false;

        public override long Length => stream.Length;

        public override long Position
        {
            get => stream.Position;
            set => stream.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => stream.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
