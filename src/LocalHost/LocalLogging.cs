using Headgate.LocalHost.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Headgate.LocalHost;

/// <summary>
/// Logs go to standard error: standard output says where the service listens and nothing else. A stream that is stuck holds up nobody:
/// what finds no room in the queue before it is dropped, and counted.
/// </summary>
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
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // The edge reports what goes wrong, and begins the trace of a request itself.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Why a start failed is said in a sentence by whoever asked for it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
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
