using System.Security.Cryptography;
using System.Text;

namespace Headgate.Simulation.Observed;

/// <summary>
/// A hash over every request and its whole answer, each at its virtual time, in order: two simulations that agree in it agree in every
/// id, time and byte that the service gave out.
/// </summary>
internal sealed class Transcript : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(DateTimeOffset at, string method, string path, int status, ReadOnlySpan<byte> answer)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes($"{at.UtcTicks} {method} {path} {status} {answer.Length}\n"));
        _hash.AppendData(answer);
    }

    /// <summary>The hash of all so far, in hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
