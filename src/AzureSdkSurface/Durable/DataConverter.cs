using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Microsoft.DurableTask
{
    /// <summary>Turns inputs, outputs and events into text and back.</summary>
    public abstract class DataConverter
    {
        /// <summary>The text of a value; null for null.</summary>
        [return: NotNullIfNotNull(nameof(value))]
        public abstract string? Serialize(object? value);

        /// <summary>The value of a text; null for null.</summary>
        [return: NotNullIfNotNull(nameof(data))]
        public abstract object? Deserialize(string? data, Type targetType);

        /// <summary>The value of a text; the default value for null.</summary>
        [return: NotNullIfNotNull(nameof(data))]
        public virtual T? Deserialize<T>(string? data) => (T?)(Deserialize(data, typeof(T)) ?? default(T));
    }
}

namespace Microsoft.DurableTask.Converters
{
    /// <summary>Converts by System.Text.Json; fields included, names as they are written.</summary>
    public class JsonDataConverter : DataConverter
    {
        private static readonly JsonSerializerOptions DefaultOptions = new() { IncludeFields = true };

        private readonly JsonSerializerOptions _options;

        /// <summary>A converter; null options take the default.</summary>
        public JsonDataConverter(JsonSerializerOptions? options = null) => _options = options ?? DefaultOptions;

        /// <summary>The converter every part of the framework takes unless told otherwise.</summary>
        public static JsonDataConverter Default { get; } = new();

        /// <inheritdoc/>
        public override string? Serialize(object? value) =>
            value is null ? null : JsonSerializer.Serialize(value, _options);

        /// <inheritdoc/>
        public override object? Deserialize(string? data, Type targetType) =>
            data is null ? null : JsonSerializer.Deserialize(data, targetType, _options);
    }
}
