using System.Reflection;
using System.Text.Json.Nodes;
using Headgate.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Headgate.Worker.Tests.Index;

/// <summary>The bindings that the attributes on the app's classes ask for, as the Functions host is to see them: a line each.</summary>
internal static class DeclaredBindings
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> OfTheApp() =>
        from type in typeof(Composition).Assembly.GetTypes()
        from method in type.GetMethods(Any)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from binding in Of(method)
        select Line(function.Name, binding);

    /// <summary>A binding without the order of its fields.</summary>
    public static string Line(string function, JsonObject binding) =>
        $"{function}: {string.Join(", ", binding.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value?.ToJsonString()}"))}";

    private static IEnumerable<JsonObject> Of(MethodInfo method)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<BindingAttribute>() is { } attribute)
                yield return Of(attribute, parameter.Name!);
        }

        if (method.GetParameters().Any(parameter => parameter.IsDefined(typeof(HttpTriggerAttribute))))
            yield return new JsonObject { ["name"] = "$return", ["type"] = "http", ["direction"] = "Out" };
    }

    private static JsonObject Of(BindingAttribute attribute, string name)
    {
        var type = attribute.GetType().Name[..^nameof(Attribute).Length];
        var binding = new JsonObject { ["name"] = name, ["type"] = char.ToLowerInvariant(type[0]) + type[1..], ["direction"] = "In" };
        switch (attribute)
        {
            case HttpTriggerAttribute http:
                binding["authLevel"] = $"{http.AuthLevel}";
                binding["route"] = http.Route;
                if (http.Methods is not null)
                    binding["methods"] = new JsonArray([.. http.Methods.Select(method => JsonValue.Create(method))]);
                break;
            case TimerTriggerAttribute timer:
                binding["schedule"] = timer.Schedule;
                if (timer.RunOnStartup)
                    binding["runOnStartup"] = true;
                break;
            case ServiceBusTriggerAttribute bus:
                binding["queueName"] = bus.QueueName;
                binding["connection"] = bus.Connection;
                binding["cardinality"] = bus.IsBatched ? "Many" : "One";
                binding["autoCompleteMessages"] = bus.AutoCompleteMessages;
                binding["dataType"] = "String";
                break;
        }

        return binding;
    }
}
