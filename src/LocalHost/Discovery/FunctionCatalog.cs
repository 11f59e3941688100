using System.Reflection;
using Headgate.Core.Validation;
using Headgate.LocalHost.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Discovery;

/// <summary>Every function of the app, found by attribute.</summary>
internal sealed class FunctionCatalog
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private FunctionCatalog(IReadOnlyList<FunctionEntry> functions) => Functions = functions;

    /// <summary>In order of name.</summary>
    public IReadOnlyList<FunctionEntry> Functions { get; }

    /// <summary>
    /// It is a problem when two functions share a name, a trigger is missing or unknown, a parameter cannot be bound or a setting
    /// is missing; the function is then left out.
    /// </summary>
    public static FunctionCatalog Discover(IEnumerable<Type> types, IConfiguration configuration, Problems problems)
    {
        var reader = new TriggerReader(new SettingReferences(configuration, problems), problems);
        var functions = new SortedDictionary<string, FunctionEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in types.SelectMany(type => type.GetMethods(Any)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
                continue;
            if (Entry(function.Name, method, reader, problems) is { } entry && !functions.TryAdd(entry.Name, entry))
                problems.Add(entry.Name, $"two functions have this name: {functions[entry.Name].Definition.EntryPoint} and {entry.Definition.EntryPoint}");
        }

        return new FunctionCatalog([.. functions.Values]);
    }

    /// <summary>It is a problem if a class of functions can't be made of the services.</summary>
    public void CheckClasses(IServiceProviderIsService services, Problems problems)
    {
        foreach (var entry in Functions)
        {
            if (entry.Class is { } type && !type.GetConstructors().Any(constructor => constructor.GetParameters().All(parameter => IsThere(parameter, services))))
                problems.Add(entry.Name, $"{type.Name} needs a constructor that asks for services only");
        }
    }

    private static bool IsThere(ParameterInfo parameter, IServiceProviderIsService services) => parameter.HasDefaultValue || services.IsService(parameter.ParameterType);

    private static FunctionEntry? Entry(string name, MethodInfo method, TriggerReader reader, Problems problems)
    {
        if (!method.IsPublic)
            problems.Add(name, "the method is not public");
        if (reader.Read(name, method) is not var (trigger, parameter))
            return null;
        var body = FunctionCalls.Of(name, method, trigger, parameter, problems);
        return body is null ? null : new FunctionEntry(name, trigger, method, body);
    }
}
