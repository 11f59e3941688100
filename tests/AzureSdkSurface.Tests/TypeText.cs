namespace Headgate.AzureSdkSurface.Tests;

internal static class TypeText
{
    public static string Of(Type type)
    {
        if (type.IsByRef)
            return $"{Of(type.GetElementType()!)}&";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[]";
        if (type.IsGenericParameter)
            return type.Name;
        var name = type.DeclaringType is { } outer ? $"{Of(outer)}.{Bare(type)}" : $"{type.Namespace}.{Bare(type)}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    public static string Kind(Type type) =>
        typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsInterface ? "interface"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Bare(Type type) => type.Name.Split('`')[0];
}
