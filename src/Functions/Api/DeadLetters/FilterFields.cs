using Headgate.Core.Failures;
using Headgate.Core.Identity;
using Headgate.Core.Validation;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary>Which dead letters are meant, as a query or a body says.</summary>
internal static class FilterFields
{
    private static readonly TextRule Category = TextRule.OneOf([.. FailureClasses.WireNames]);

    public static DeadLetterFilter OfQuery(HttpRequest request, Problems problems)
    {
        var category = Paging.Single(request, "category", problems);
        if (category is not null && !FailureClasses.TryParse(category, out _))
            problems.Add("category", $"must be one of {string.Join(", ", FailureClasses.WireNames)}");
        var type = Paging.Single(request, "type", problems);
        if (type is not null && !Grammar.IsTaskType(type))
            problems.Add("type", TextRule.TaskType.Message);
        var filter = new DeadLetterFilter(category, type, Time("since"), Time("until"));
        if (filter.Until <= filter.Since)
            problems.Add("until", "must be after 'since'");
        return filter;

        DateTimeOffset? Time(string name)
        {
            if (Paging.Single(request, name, problems) is not { } text)
                return null;
            if (Rfc3339.TryParse(text, out var at))
                return at;
            problems.Add(name, "must be a time as RFC 3339 has it");
            return null;
        }
    }

    public static DeadLetterFilter OfBody(ObjectReader body)
    {
        var filter = new DeadLetterFilter(body.String("category", Category), body.String("type", TextRule.TaskType), body.Time("since"), body.Time("until"));
        if (filter.Until <= filter.Since)
            body.Problem("until", "must be after 'since'");
        return filter;
    }
}
