using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ValueChainHub.Hosting.Telemetry;

/// <summary>One line for each entry: text for a person at a terminal, JSON for anything else. Exceptions are told without their messages (<see cref="Fault"/>).</summary>
internal sealed class HubConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "hub";

    // Lines of a log are not put into web pages; letters may stay letters.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _json = Console.IsOutputRedirected;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, null);
        var fault = logEntry.Exception is null ? null : Fault.Describe(logEntry.Exception);
        if (_json)
            textWriter.WriteLine(Json(logEntry.LogLevel, logEntry.Category, message, fault, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>>));
        else
            textWriter.WriteLine($"{time.GetLocalNow():HH:mm:ss} {Word(logEntry.LogLevel)} {OneLine(message)}{(fault is null ? "" : " " + fault)}");
    }

    private string Json(LogLevel level, string category, string message, string? fault, IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        using var buffer = new MemoryStream(512);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("time"u8, time.GetUtcNow().UtcDateTime);
            writer.WriteString("level"u8, Word(level));
            writer.WriteString("category"u8, category);
            writer.WriteString("message"u8, message);
            if (fault is not null)
                writer.WriteString("fault"u8, fault);
            if (Activity.Current is { } span)
                writer.WriteString("traceId"u8, span.TraceId.ToString());
            foreach (var (name, value) in values ?? [])
            {
                if (name != "{OriginalFormat}")
                    writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), Convert.ToString(value, CultureInfo.InvariantCulture));
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
