using System.Collections.Immutable;
using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <param name="File">That declares it.</param>
/// <param name="Type">Without the API version.</param>
internal sealed record DeployedResource(string File, string Symbol, string Type, Dictionary<string, object?> Body)
{
    public string Name => Values.Text(Body["name"]);

    /// <summary>The value at a path of members, <c>a.b.c</c>; null where it ends early.</summary>
    public object? this[string path] => path.Split('.').Aggregate((object?)Body, (value, member) => (value as Dictionary<string, object?>)?.GetValueOrDefault(member));
}

/// <summary>What a file of parameters would deploy, as far as can be said without Azure.</summary>
internal sealed class Deployment
{
    private readonly BicepProgram _program;
    private readonly Evaluator _evaluator;
    private readonly TypeFit _fit;
    private readonly List<DeployedResource> _resources = [];
    private readonly Dictionary<string, object?> _outputs;

    private Deployment(BicepProgram program, string parameterFile, IReadOnlyDictionary<string, string> environment)
    {
        _program = program;
        _evaluator = new Evaluator(program, environment);
        _fit = new TypeFit(program);
        var parameters = program.Find(parameterFile) ?? throw new InvalidOperationException($"{parameterFile} cannot be read: {string.Join("; ", program.SyntaxProblems)}");
        var main = program.Find(parameters, parameters.Using!) ?? throw new InvalidOperationException($"{parameters.Using} cannot be read: {string.Join("; ", program.SyntaxProblems)}");
        var assigning = new Scope(new FileScope(parameters, ImmutableDictionary<string, object?>.Empty));
        var deployed = Deploy(main, parameters.All<Assignment>().ToDictionary(each => each.Name, each => _evaluator.Evaluate(each.Value, assigning), StringComparer.Ordinal));
        _outputs = main.All<Output>().ToDictionary(output => output.Name, output => _evaluator.Evaluate(output.Value, new Scope(deployed)), StringComparer.Ordinal);
    }

    public IReadOnlyList<DeployedResource> Resources => _resources;

    public IReadOnlyDictionary<string, object?> Outputs => _outputs;

    /// <exception cref="EvaluationException">Something has no value, or a value that its parameter does not take.</exception>
    public static Deployment Of(BicepSources sources, string parameterFile, IReadOnlyDictionary<string, string>? environment = null) =>
        new(new BicepProgram(sources), parameterFile, environment ?? ImmutableDictionary<string, string>.Empty);

    public IEnumerable<DeployedResource> All(string type) => _resources.Where(resource => resource.Type == type);

    public DeployedResource Single(string type) => All(type).Single();

    private FileScope Deploy(BicepFile file, Dictionary<string, object?> given)
    {
        var scope = new FileScope(file, given);
        foreach (var parameter in file.All<Parameter>())
        {
            var value = given.TryGetValue(parameter.Name, out var set) ? set : parameter.Default is null ? null : _evaluator.Evaluate(parameter.Default, new Scope(scope));
            if (_fit.Misfit(parameter, value, file) is { } misfit)
                throw new EvaluationException(file.Path, parameter.Line, misfit);
        }

        foreach (var declared in InOrder(file))
        {
            if (declared is Module module)
                scope.Modules[module] = Deploy(module, new Scope(scope));
            else if (declared is Resource { IsExisting: false } resource)
                _resources.AddRange(_evaluator.Turns(resource.Loop, new Scope(scope)).Where(turn => Holds(resource, turn)).Select(turn => Body(resource, turn)));
        }

        return scope;
    }

    private FileScope? Deploy(Module module, Scope scope)
    {
        if (!Holds(module, scope))
            return null;
        var target = _program.Find(scope.File.File, module.Path) ?? throw new EvaluationException(scope.File.File.Path, module.Line, $"there is no '{module.Path}'");
        var given = module.Body["params"] is { } values ? (Dictionary<string, object?>)_evaluator.Evaluate(values, scope)! : [];
        return Deploy(target, given);
    }

    private bool Holds(Deployed deployed, Scope scope) => deployed.Condition is null || (bool)_evaluator.Evaluate(deployed.Condition, scope)!;

    private DeployedResource Body(Resource resource, Scope scope) =>
        new(scope.File.File.Path, resource.Name, resource.Type, (Dictionary<string, object?>)_evaluator.Evaluate(resource.Body, scope)!);

    /// <summary>Each after all that it names.</summary>
    private static List<Deployed> InOrder(BicepFile file)
    {
        var ordered = new List<Deployed>();
        var begun = new HashSet<string>(StringComparer.Ordinal);
        foreach (var declared in file.All<Deployed>())
            Visit(declared);
        return ordered;

        void Visit(Declaration declared)
        {
            if (!begun.Add(declared.Name))
                return;
            foreach (var name in Checks.Names.Places(declared).Select(place => place.Expression).OfType<NameExpression>())
            {
                if (file.Find(name.Name) is { } other and (Deployed or Variable))
                    Visit(other);
            }

            if (declared is Deployed deployed)
                ordered.Add(deployed);
        }
    }
}
