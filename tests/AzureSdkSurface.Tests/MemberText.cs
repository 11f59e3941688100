using System.Reflection;
using System.Runtime.CompilerServices;

namespace Headgate.AzureSdkSurface.Tests;

internal static class MemberText
{
    /// <summary>The member in one line; null where nobody outside the assembly can reach it.</summary>
    public static string? Of(MemberInfo member) => member switch
    {
        FieldInfo { DeclaringType.IsEnum: true } field => $"{field.Name} = {Convert.ToInt32(field.GetRawConstantValue())}",
        FieldInfo field when field.IsPublic || field.IsFamily => $"{field.Name} {{{Static(field.IsStatic)}field {TypeText.Of(field.FieldType)}}}",
        PropertyInfo property => Property(property),
        ConstructorInfo constructor when Reach(constructor) is { } reach => $"ctor({Parameters(constructor)}){reach}",
        MethodInfo method when Reach(method) is { } reach => $"{method.Name}{Generics(method)}({Parameters(method)}) {TypeText.Of(method.ReturnType)}{reach}",
        _ => null,
    };

    private static string? Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && Reach(getter) is not null ? " get;" : "";
        var set = property.SetMethod is { } setter && Reach(setter) is not null ? IsInit(setter) ? " init;" : " set;" : "";
        if (get.Length + set.Length == 0)
            return null;
        var parameters = property.GetIndexParameters();
        var index = parameters.Length == 0 ? "" : $"[{string.Join(", ", parameters.Select(p => TypeText.Of(p.ParameterType)))}]";
        return $"{property.Name}{index} {TypeText.Of(property.PropertyType)} {{{get}{set} }}{Reach((property.GetMethod ?? property.SetMethod)!)}";
    }

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string? Reach(MethodBase method)
    {
        if (!method.IsPublic && !method.IsFamily && !method.IsFamilyOrAssembly)
            return null;
        var reach = method.IsPublic ? "" : " protected";
        if (method.IsStatic)
            reach += " static";
        else if (method.IsAbstract)
            reach += " abstract";
        else if (method is MethodInfo { IsVirtual: true, IsFinal: false } info)
            reach += info.GetBaseDefinition() == info ? " virtual" : " override";
        return reach;
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{TypeText.Of(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = ?" : "")}";
}
