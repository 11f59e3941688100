using System.Collections.Frozen;
using System.Reflection;
using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Headgate.Functions.Wire;

/// <summary>
/// The query parameters that an HTTP function reads. Every other one is refused; a function without the attribute has none. The function
/// tells those that were refused with whatever else is wrong.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueryAttribute(params string[] names) : Attribute
{
    public const string Limit = "limit";
    public const string After = "after";

    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>Query parameters that a call does not have, refused by name as unknown fields of a body are. Names are exact, case included.</summary>
public sealed class UnknownParameters
{
    private readonly List<Problem> _problems = [];

    /// <summary>Null where there are none.</summary>
    public static UnknownParameters? Find(HttpRequest request, IReadOnlyList<string> known)
    {
        UnknownParameters? found = null;
        foreach (var name in request.Query.Keys)
        {
            if (known.Contains(name, StringComparer.Ordinal))
                continue;
            found ??= new UnknownParameters();
            found._problems.Add(Describe(name, known));
        }

        return found;
    }

    /// <summary>What was found before the function was called, for it to tell with whatever else is wrong.</summary>
    public static UnknownParameters? Of(HttpRequest request) => request.HttpContext.Features.Get<UnknownParameters>();

    /// <summary>New problems that begin with those found before.</summary>
    public static Problems ProblemsOf(HttpRequest request)
    {
        var problems = new Problems();
        Of(request)?.AddTo(problems);
        return problems;
    }

    public void AddTo(Problems problems)
    {
        foreach (var problem in _problems)
            problems.Add(problem);
    }

    private static Problem Describe(string name, IReadOnlyList<string> known)
    {
        if (name.Length == 0)
            return new Problem("?", "has a parameter without a name");
        var shown = name.Length <= NearestName.MaxLength ? name : string.Concat(name.AsSpan(0, NearestName.MaxLength), "…");
        return new Problem(shown, NearestName.Of(name, known) is { } near ? $"is an unknown query parameter; did you mean '{near}'?" : "is an unknown query parameter");
    }
}

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
