using Azure.Core;
using Azure.Core.Pipeline;
using Headgate.Azure.Tables.Writes;

namespace Headgate.Azure.Tables;

/// <summary>Counts requests to the tables, each try separately.</summary>
public sealed class TableRoundTrips
{
    private long _count;
    private long _reads;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Of these, reads of rows and pages.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    internal HttpPipelinePolicy Policy => new Counting(this);

    private sealed class Counting(TableRoundTrips trips) : HttpPipelinePolicy
    {
        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Interlocked.Increment(ref trips._count);
            if (message.Request.Method == RequestMethod.Get)
                Interlocked.Increment(ref trips._reads);
            var tries = WriteTries.Of(message);
            try
            {
                await ProcessNextAsync(message, pipeline);
            }
            catch
            {
                tries?.EndedWithoutAnswer();
                throw;
            }

            tries?.Answered(message.Response.Status);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException("Tables are used asynchronously only.");
    }
}
