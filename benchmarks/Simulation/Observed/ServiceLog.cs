using Microsoft.Extensions.Logging;

namespace Headgate.Simulation.Observed;

/// <summary>Counts what the service warns of, by the name of the event, and keeps the first errors.</summary>
internal sealed class ServiceLog : ILoggerProvider
{
    private const int MostKept = 20;
    private readonly List<string> _errors = [];

    public Counts Warnings { get; } = new();

    public Counts Errors { get; } = new();

    public IReadOnlyList<string> FirstErrors => _errors;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string name, string message, Exception? exception)
    {
        (level >= LogLevel.Error ? Errors : Warnings).Add(name);
        if (level >= LogLevel.Error && _errors.Count < MostKept)
            _errors.Add($"{name}: {message}{(exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}")}");
    }

    private sealed class Category(ServiceLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Add(logLevel, $"{name}.{eventId.Name ?? eventId.Id.ToString()}", formatter(state, exception), exception);
        }
    }
}
