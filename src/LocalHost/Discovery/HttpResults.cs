using Microsoft.AspNetCore.Mvc;

namespace Headgate.LocalHost.Discovery;

/// <summary>What an HTTP function may return: a result that writes itself.</summary>
internal static class HttpResults
{
    public static bool IsHttpResult(Type type)
    {
        var awaited = type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
        return typeof(IActionResult).IsAssignableFrom(awaited);
    }
}
