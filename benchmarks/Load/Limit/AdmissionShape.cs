using Headgate.Load.InProcess;
using Headgate.Load.Rig;
using SQLitePCL;

namespace Headgate.Load.Limit;

/// <summary>What an admission writes, as found in the file before and after one.</summary>
/// <param name="Rows">Those that were added, messages among them, and the ledger, which is replaced.</param>
/// <param name="Bytes">Of those rows, their keys included.</param>
internal sealed record AdmissionShape(int Rows, int Bytes)
{
    private const string InAll = """
        SELECT rows.count + messages.count, rows.bytes + messages.bytes FROM
        (SELECT count(*) AS count, coalesce(sum(length(pk) + length(rk) + length(data)), 0) AS bytes FROM rows) AS rows,
        (SELECT count(*) AS count, coalesce(sum(length(queue) + length(id) + length(body) + coalesce(length(trace), 0)), 0) AS bytes FROM messages) AS messages
        """;

    private const string OfLedger = "SELECT count(*), sum(length(pk) + length(rk) + length(data)) FROM rows WHERE rk = '!ledger'";

    public static AdmissionShape Read(LoadOptions options) => ReadAsync(options).GetAwaiter().GetResult();

    private static async Task<AdmissionShape> ReadAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder(options.Data);
        await using (await AdmissionAlone.OpenAsync(folder.Path, tenants: 1))
        {
        }

        var before = Pair(folder, InAll);
        await using (var admission = AdmissionAlone.Reopen(folder.Path, tenants: 1))
            await admission.AdmitAsync(0);
        var after = Pair(folder, InAll);
        var (ledgers, ledgerBytes) = Pair(folder, OfLedger);
        return new((int)(after.First - before.First + ledgers), (int)(after.Second - before.Second + ledgerBytes));
    }

    private static (long First, long Second) Pair(TemporaryFolder folder, string sql)
    {
        Batteries_V2.Init();
        using var database = RawDatabase.Open(Path.Combine(folder.Path, "headgate.db"));
        return database.Pair(sql);
    }
}
