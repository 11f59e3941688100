using System.Reflection;
using System.Runtime.CompilerServices;

namespace Headgate.AzureSdkSurface.Tests;

/// <summary>The public and protected members of an assembly, one a line, sorted.</summary>
internal static class SurfaceText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(Lines).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = TypeText.Of(type);
        yield return $"{name}: {TypeText.Kind(type)}{Bases(type)}";
        foreach (var member in type.GetMembers(Declared).Where(m => m is not Type && !IsNoise(type, m)))
        {
            if (MemberText.Of(member) is { } text)
                yield return $"{name}.{text}";
        }
    }

    /// <summary>Delegates and enums have compiler-made members; of the rest, accessors appear with their property.</summary>
    private static bool IsNoise(Type type, MemberInfo member) =>
        typeof(Delegate).IsAssignableFrom(type) ? member.Name != "Invoke"
        : type.IsEnum ? member is not FieldInfo { IsLiteral: true }
        : member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not PropertyInfo
            || member is MethodInfo { IsSpecialName: true } method && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsValueType || typeof(Delegate).IsAssignableFrom(type))
            return "";
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var all = type.GetInterfaces().Except(inherited).Select(TypeText.Of).Order(StringComparer.Ordinal);
        var bases = type.BaseType is { } parent && parent != typeof(object) ? all.Prepend(TypeText.Of(parent)) : all;
        var text = string.Join(", ", bases);
        return text.Length == 0 ? "" : $" : {text}";
    }
}
