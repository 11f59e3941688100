using Headgate.Load.Rig;
using Headgate.Load.Wire;
using SQLitePCL;

namespace Headgate.Load.Limit;

/// <summary>What an admission writes, as found in the file of a service that has just admitted one run.</summary>
/// <param name="Rows">Ledger, run, live row and message.</param>
/// <param name="Bytes">Of those rows, their keys included.</param>
internal sealed record AdmissionShape(int Rows, int Bytes)
{
    private const string OfTables =
        "SELECT count(*), coalesce(sum(length(pk) + length(rk) + length(data)), 0) FROM rows WHERE pk = 'tenant-1' AND (rk = '!ledger' OR rk LIKE 'run:%' OR rk LIKE 'live:%')";

    private const string OfQueue = "SELECT count(*), coalesce(sum(length(queue) + length(id) + length(body) + coalesce(length(trace), 0)), 0) FROM messages";

    public static AdmissionShape Read(LoadOptions options)
    {
        using var folder = new TemporaryFolder(options.Data);
        using (var service = ServiceUnderLoad.Start(options, folder.Path))
        {
            var tenant = Ground.Tenants(service, 1);
            service.Operator.Send(Ground.Submissions(tenant)[0], 202);
            service.Stop();
        }

        Batteries_V2.Init();
        using var database = RawDatabase.Open(Path.Combine(folder.Path, "headgate.db"));
        var (rows, bytes) = database.Pair(OfTables);
        var (messages, messageBytes) = database.Pair(OfQueue);
        return rows == 3 && messages == 1
            ? new((int)(rows + messages), (int)(bytes + messageBytes))
            : throw new UnexpectedAnswerException($"an admission left {rows} rows and {messages} messages, not 3 and 1");
    }
}
