using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ValueChainHub.Hosting.Telemetry;

/// <summary>What the hub logs, and where to.</summary>
public static class HubLogging
{
    private const string OwnCategories = "ValueChainHub";

    /// <summary>The console, one line for each entry.</summary>
    public static ILoggingBuilder AddHubConsole(this ILoggingBuilder logging)
    {
        logging.AddConsole(options => options.FormatterName = HubConsoleFormatter.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter, HubConsoleFormatter>();
        return logging.AddHubFilter();
    }

    /// <summary>
    /// The hub's own entries from information on, the framework's from warning on, and those about requests not at all: they hold the query string.
    /// No setting can loosen this.
    /// </summary>
    public static ILoggingBuilder AddHubFilter(this ILoggingBuilder logging) => logging.AddFilter(static (_, category, level) => IsLogged(category ?? "", level));

    private static bool IsLogged(string category, LogLevel level)
    {
        if (category.StartsWith(OwnCategories, StringComparison.Ordinal))
            return level >= LogLevel.Information;
        return level >= LogLevel.Warning && !category.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal) && !category.StartsWith("System.Net.Http", StringComparison.Ordinal);
    }
}
