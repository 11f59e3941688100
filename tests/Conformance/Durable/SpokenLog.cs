using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Headgate.Conformance.Durable;

/// <summary>Keeps what loggers say.</summary>
public sealed class SpokenLog : ILoggerFactory
{
    private readonly ConcurrentQueue<(string Category, string Text)> _said = new();

    public IEnumerable<string> Of(string category) => _said.Where(line => line.Category == category).Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => new Voice(_said, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Voice(ConcurrentQueue<(string Category, string Text)> said, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Enqueue((category, formatter(state, exception)));
    }
}
