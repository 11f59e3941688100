using System.Collections.Frozen;
using System.Reflection;
using Headgate.Functions.Wire;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Headgate.Functions.Api;

/// <summary>
/// Refuses query parameters that the call does not have. Functions that read a body or a query of their own are called all the same and tell
/// them with every other problem of the request.
/// </summary>
public sealed class QueryMiddleware : IFunctionsWorkerMiddleware
{
    private static readonly string[] s_none = [];

    private readonly FrozenDictionary<string, (IReadOnlyList<string> Names, bool TellsItself)> _calls = HttpFunction.OfTheApp()
        .Where(function => !function.AnswersTheRest)
        .ToFrozenDictionary(function => function.Name, Read, StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { Request: { QueryString.HasValue: true } request } http
            || !_calls.TryGetValue(context.FunctionDefinition.Name, out var call)
            || UnknownParameters.Find(request, call.Names) is not { } unknown)
        {
            return next(context);
        }

        http.Features.Set(unknown);
        if (call.TellsItself)
            return next(context);
        Reply.Refused(Refusals.InvalidRequest(UnknownParameters.ProblemsOf(request))).Write(http);
        return Task.CompletedTask;
    }

    private static (IReadOnlyList<string> Names, bool TellsItself) Read(HttpFunction function)
    {
        var query = function.Method.GetCustomAttribute<QueryAttribute>();
        return (query?.Names ?? s_none, query is not null || function.Verbs.Any(verb => verb is "post" or "put" or "patch"));
    }
}
