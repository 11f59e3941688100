using Headgate.LocalHost.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Headgate.LocalHost;

/// <summary>Logs go to standard error: standard output says where the service listens and nothing else.</summary>
internal static class LocalLogging
{
    public static void AddLocal(this ILoggingBuilder logging, HostJson hostJson)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // The edge reports what goes wrong, and begins the trace of a request itself.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        foreach (var (category, text) in hostJson.LogLevels)
        {
            if (!Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level))
                continue;
            if (category == "default")
                logging.SetMinimumLevel(level);
            else
                logging.AddFilter(category, level);
        }
    }
}
