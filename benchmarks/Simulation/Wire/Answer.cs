using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;

namespace Headgate.Simulation.Wire;

/// <summary>What the service answered.</summary>
/// <param name="RetryAfter">The header, in seconds; null where there is none.</param>
/// <param name="Replayed">An earlier answer, remembered for its idempotency key.</param>
internal sealed record Answer(string Request, int Status, byte[] Body, int? RetryAfter, bool Replayed)
{
    /// <summary>The code of a refusal.</summary>
    public string Code => JsonSerializer.Deserialize(Body, ContractJson.Default.ErrorBody)?.Code ?? Status.ToString(CultureInfo.InvariantCulture);

    public T Read<T>(JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Body, type) ?? throw new InvalidDataException($"{Request} answered nothing.");

    /// <exception cref="InvalidDataException">It is another status: the simulation or the service is wrong.</exception>
    public Answer Expect(params ReadOnlySpan<int> statuses) => statuses.Contains(Status)
        ? this
        : throw new InvalidDataException($"{Request} answered {Status}: {Encoding.UTF8.GetString(Body)}");
}
