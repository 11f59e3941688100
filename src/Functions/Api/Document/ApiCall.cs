using System.Reflection;
using System.Text;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>What a function declares beside itself, and what follows from its route and its access rule.</summary>
internal sealed class ApiCall(HttpFunction function, AccessRuleAttribute? rule)
{
    private const string ApiRoom = "Headgate.Functions.Api";

    public HttpFunction Function => function;

    public AccessRuleAttribute? Rule => rule;

    public bool IsPublic => rule is PublicAttribute;

    /// <summary>The folder of the function's file, in words.</summary>
    public string Tag { get; } = TagOf(function.Method.DeclaringType!.Namespace!);

    /// <summary>Null where the function does not say.</summary>
    public string? Summary => function.Method.GetCustomAttribute<DoesAttribute>()?.Summary;

    /// <summary>Null where it reads no body; empty where that has no fields.</summary>
    public IReadOnlyList<Type>? Takes => function.Method.GetCustomAttribute<TakesAttribute>()?.Bodies;

    public IReadOnlyList<string> RequestHeaders => function.Method.GetCustomAttribute<HeadersAttribute>()?.Names ?? [];

    public IReadOnlyList<string> Query => function.Method.GetCustomAttribute<QueryAttribute>()?.Names ?? [];

    public IReadOnlyList<AnswersAttribute> Answers { get; } = [.. function.Method.GetCustomAttributes<AnswersAttribute>().OrderBy(answer => answer.Status)];

    /// <summary>A field that every refusal may have; null: none.</summary>
    public string? RefusalField => Own?.Field;

    /// <summary>Every code that it may refuse with, its own and those that follow.</summary>
    public IEnumerable<string> RefusalCodes => Following().Concat(Own?.Codes ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private RefusesAttribute? Own => function.Method.GetCustomAttribute<RefusesAttribute>();

    private IEnumerable<string> Following()
    {
        // A parameter or a field that the call does not have.
        yield return "invalid-request";
        yield return "internal-error";
        if (Takes is not null)
            yield return "body-too-large";
        if (IsPublic)
            yield break;
        foreach (var code in (string[])["unauthenticated", "issuer-unavailable", "operator-key-unresolved", "rate-limited", "store-unavailable"])
            yield return code;
        if (rule is not AgentOnlyAttribute)
            yield return "insufficient-permission";
        foreach (var parameter in function.Route.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
            yield return ApiParameters.NotFoundCode(parameter);
    }

    private static string TagOf(string room)
    {
        var last = room.StartsWith(ApiRoom + ".", StringComparison.Ordinal) ? room[(ApiRoom.Length + 1)..].Split('.')[0] : "";
        if (last.Length == 0 || room == typeof(ApiCall).Namespace)
            return "Operations";
        var words = new StringBuilder();
        foreach (var letter in last)
            _ = char.IsAsciiLetterUpper(letter) && words.Length > 0 ? words.Append(' ').Append(char.ToLowerInvariant(letter)) : words.Append(letter);
        return words.ToString();
    }
}
