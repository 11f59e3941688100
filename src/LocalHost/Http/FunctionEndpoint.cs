using Headgate.Functions.Wire;
using Headgate.LocalHost.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Headgate.LocalHost.Http;

/// <summary>Answers a request with a function.</summary>
internal sealed class FunctionEndpoint(FunctionEntry entry, FunctionRunner runner, Func<ValueTask> flushed)
{
    private readonly WritesOnDisk _writes = new(flushed);

    public async Task InvokeAsync(HttpContext http)
    {
        if (await runner.RunAsync(entry, http, http.RequestAborted) is not IActionResult result)
            return;

        // Here, and not only when the answer starts, a store that failed can still be told to the caller.
        await flushed();
        http.Features.Set(AnswerGate.Passed);
        if (result is Reply reply)
            reply.Write(http);
        else
        {
            http.Features.Set(_writes);
            await result.ExecuteResultAsync(new ActionContext { HttpContext = http });
        }
    }
}
