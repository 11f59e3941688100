using System.Security.Cryptography;
using System.Text;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;

namespace Headgate.Functions.Api.Idempotency;

/// <summary>
/// Answers of calls that made something, for those who send the call again. Each is written in the transaction that makes it, or where that can't
/// be, so that whoever sends the call again completes what was cut short. An answer that shows a secret, which stands nowhere but in its
/// holder's hands, is kept sealed: only who has both the idempotency key and the credentials of the first call can open it.
/// </summary>
public sealed class RememberedAnswers(ITableStore tables, IRandomSource random, BelievedClock believed, HeadgateOptions options)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The stored answer, past its time or not; null where there is none.</summary>
    internal async ValueTask<TableRow?> FindAsync(CreatingCall call, CancellationToken cancellationToken) =>
        call.RowKey is null ? null : await tables.GetAsync(Table.Tenants, call.Partition, call.RowKey, cancellationToken);

    /// <summary>What the row says to this call; null where there is none, or it is past its time.</summary>
    /// <param name="call">Sent again.</param>
    /// <param name="row">As it was found.</param>
    /// <param name="showsSecret">Whether such an answer is sealed.</param>
    internal async ValueTask<EarlierAnswer?> ReadAsync(CreatingCall call, TableRow? row, bool showsSecret = false)
    {
        if (row is null)
            return null;
        var remembered = IdempotencyRow.Read(row);
        await believed.LearnAsync(tables);
        var now = believed.Now;
        if (remembered.KeptFrom(now.Wall) is { } from && from + options.Admission.IdempotencyKept <= now.Time)
            return null;
        if (remembered.BodyHash != call.BodyHash)
            return new EarlierAnswer.Mismatch();
        return !showsSecret ? new EarlierAnswer.Known(remembered.RunId, remembered.Answer)
            : Open(call, remembered.Answer) is { } answer ? new EarlierAnswer.Known(remembered.RunId, answer)
            : new EarlierAnswer.Sealed(remembered.RunId);
    }

    /// <param name="earlier">The row that is past its time; null where there is none.</param>
    /// <param name="id">What the call makes.</param>
    /// <returns>Empty where nothing is to be remembered. It conflicts with whoever remembers an answer to the same key meanwhile.</returns>
    internal static IReadOnlyList<TableWrite> Remember(CreatingCall call, TableRow? earlier, string id, byte[] answer, DateTimeOffset now)
    {
        if (call.RowKey is null)
            return [];
        var row = IdempotencyRow.Write(call.Partition, call.RowKey, new RememberedAnswer(call.BodyHash, id, answer, now));
        return [earlier is null ? TableWrite.Insert(row) : TableWrite.Replace(row with { ETag = earlier.ETag })];
    }

    /// <summary>Likewise of an answer that shows a secret.</summary>
    internal IReadOnlyList<TableWrite> RememberSealed(CreatingCall call, TableRow? earlier, string id, byte[] answer, DateTimeOffset now) =>
        call.RowKey is null ? [] : Remember(call, earlier, id, Seal(call, answer), now);

    private byte[] Seal(CreatingCall call, byte[] answer)
    {
        var sealedAnswer = new byte[NonceBytes + TagBytes + answer.Length];
        var (nonce, tag, text) = Parts(sealedAnswer);
        random.Fill(nonce.Span);
        using var cipher = Cipher(call);
        cipher.Encrypt(nonce.Span, answer, text.Span, tag.Span);
        return sealedAnswer;
    }

    private static byte[]? Open(CreatingCall call, byte[] sealedAnswer)
    {
        if (sealedAnswer.Length < NonceBytes + TagBytes)
            return null;
        var (nonce, tag, text) = Parts(sealedAnswer);
        var answer = new byte[text.Length];
        using var cipher = Cipher(call);
        try
        {
            cipher.Decrypt(nonce.Span, text.Span, tag.Span, answer);
            return answer;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Text) Parts(byte[] whole) =>
        (whole.AsMemory(0, NonceBytes), whole.AsMemory(NonceBytes, TagBytes), whole.AsMemory(NonceBytes + TagBytes));

    private static AesGcm Cipher(CreatingCall call) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, call.Seal, 32, Encoding.UTF8.GetBytes(call.RowKey!)), TagBytes);
}
