using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Security;

/// <summary>What the middleware found out, for the function it let the request through to.</summary>
public static class CallerExtensions
{
    /// <exception cref="InvalidOperationException">The function is public: nobody was asked who they are.</exception>
    public static Caller Caller(this FunctionContext context) =>
        context.GetHttpContext()?.Features.Get<Caller>()
        ?? throw new InvalidOperationException($"'{context.FunctionDefinition.Name}' asks for a caller that nobody identified.");

    /// <summary>The request's id as in <c>X-Request-Id</c>; the invocation's id where there is no request.</summary>
    public static string RequestId(this FunctionContext context) => context.GetHttpContext()?.TraceIdentifier ?? context.InvocationId;

    internal static void Admit(this HttpContext http, Caller caller) => http.Features.Set(caller);
}
