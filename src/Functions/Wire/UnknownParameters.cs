using Headgate.Core.Validation;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Wire;

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
