using Headgate.Infrastructure.Tests.Bicep.Syntax;

namespace Headgate.Infrastructure.Tests.Bicep.Evaluation;

/// <summary>Works values out as the language says, as far as these files need it.</summary>
internal sealed class Evaluator(BicepProgram program, IReadOnlyDictionary<string, string> environment)
{
    public object? Evaluate(Expression expression, Scope scope)
    {
        try
        {
            return Inner(expression, scope);
        }
        catch (Exception failure) when (failure is InvalidOperationException or KeyNotFoundException or InvalidCastException or ArgumentException)
        {
            throw new EvaluationException(scope.File.File.Path, expression.Line, failure.Message);
        }
    }

    public object? Call(Closure closure, params object?[] arguments)
    {
        var scope = closure.Scope;
        for (var i = 0; i < closure.Lambda.Parameters.Count; i++)
            scope = scope.With(closure.Lambda.Parameters[i], arguments[i]);
        return Evaluate(closure.Lambda.Body, scope);
    }

    /// <summary>The turns of a loop; a resource or module without one has one turn.</summary>
    public IEnumerable<Scope> Turns(LoopExpression? loop, Scope scope)
    {
        if (loop is null)
            return [scope];
        var items = (List<object?>)Evaluate(loop.Source, scope)!;
        return items.Select((item, i) => loop.Index is null ? scope.With(loop.Item, item) : scope.With(loop.Item, item).With(loop.Index, (long)i));
    }

    private object? Inner(Expression expression, Scope scope) => expression switch
    {
        LiteralExpression literal => literal.Value,
        TextExpression text => string.Concat(text.Parts.Select(part => Values.Text(Evaluate(part, scope)))),
        NameExpression name => Named(name, scope),
        AssertedExpression asserted => Evaluate(asserted.Operand, scope) ?? throw new InvalidOperationException("A value that must be there is null."),
        MemberExpression member => Member(Evaluate(member.Target, scope), member.Member, member.IsSafe),
        IndexExpression index => Indexed(Evaluate(index.Target, scope), Evaluate(index.Index, scope), index.IsSafe),
        UnaryExpression { Operator: "!" } not => !(bool)Evaluate(not.Operand, scope)!,
        UnaryExpression minus => -(long)Evaluate(minus.Operand, scope)!,
        BinaryExpression binary => Binary(binary, scope),
        ChoiceExpression choice => Evaluate((bool)Evaluate(choice.Condition, scope)! ? choice.Yes : choice.No, scope),
        ArrayExpression array => array.Items.Select(item => Evaluate(item, scope)).ToList(),
        ObjectExpression properties => Object(properties, scope),
        LoopExpression loop => Turns(loop, scope).Select(turn => Evaluate(loop.Body, turn)).ToList(),
        LambdaExpression lambda => new Closure(lambda, scope),
        CallExpression call => Called(call, scope),
        _ => throw new InvalidOperationException($"A {expression.GetType().Name} has no value."),
    };

    private object? Named(NameExpression name, Scope scope)
    {
        if (scope.Locals.TryGetValue(name.Name, out var local))
            return local;
        var file = scope.File;
        return file.File.Find(name.Name) switch
        {
            Parameter parameter => file.Given.TryGetValue(name.Name, out var given) ? given : parameter.Default is null ? null : Evaluate(parameter.Default, new Scope(file)),
            Variable variable => Evaluate(variable.Value, new Scope(file)),
            Resource { Loop: { } loop } resource => Turns(loop, new Scope(file)).Select(turn => (object?)new ResourceValue(resource, turn)).ToList(),
            Resource resource => new ResourceValue(resource, new Scope(file)),
            Module module => new ModuleValue(file.Modules.TryGetValue(module, out var deployment) ? deployment : throw new InvalidOperationException($"'{name.Name}' is asked before it is deployed.")),
            _ => throw new InvalidOperationException($"'{name.Name}' is not declared."),
        };
    }

    private object? Member(object? target, string member, bool isSafe) => target switch
    {
        Dictionary<string, object?> properties => properties.TryGetValue(member, out var value) || isSafe ? value : throw new InvalidOperationException($"There is no '{member}'."),
        ResourceValue resource when member == "name" => Evaluate(resource.Resource.Body["name"]!, resource.Scope),
        ResourceValue resource => new Unknown($"{resource.Resource.Name}.{member}"),
        ModuleValue { Deployment: { } deployment } when member == "outputs" => Outputs(deployment),
        ModuleValue => throw new InvalidOperationException("A module that is not deployed is asked."),
        Unknown unknown => new Unknown($"{unknown.Text}.{member}"),
        null when isSafe => null,
        _ => throw new InvalidOperationException($"'{member}' is asked of what has no members."),
    };

    private Dictionary<string, object?> Outputs(FileScope deployment) =>
        deployment.File.All<Output>().ToDictionary(output => output.Name, output => Evaluate(output.Value, new Scope(deployment)), StringComparer.Ordinal);

    private static object? Indexed(object? target, object? index, bool isSafe) => (target, index) switch
    {
        (Dictionary<string, object?> properties, string name) => properties.TryGetValue(name, out var value) || isSafe ? value : throw new InvalidOperationException($"There is no '{name}'."),
        (List<object?> items, long at) => items[(int)at],
        (Unknown unknown, _) => new Unknown($"{unknown.Text}[{Values.Text(index)}]"),
        _ => throw new InvalidOperationException("What is indexed has no items."),
    };

    private object? Binary(BinaryExpression binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        return binary.Operator switch
        {
            "??" => left ?? Evaluate(binary.Right, scope),
            "&&" => (bool)left! && (bool)Evaluate(binary.Right, scope)!,
            "||" => (bool)left! || (bool)Evaluate(binary.Right, scope)!,
            "==" => Values.AreEqual(left, Evaluate(binary.Right, scope)),
            "!=" => !Values.AreEqual(left, Evaluate(binary.Right, scope)),
            _ => Arithmetic(binary.Operator, (long)left!, (long)Evaluate(binary.Right, scope)!),
        };
    }

    private static object Arithmetic(string mark, long left, long right) => mark switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "%" => left % right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => throw new InvalidOperationException($"'{mark}' is not known here."),
    };

    private Dictionary<string, object?> Object(ObjectExpression written, Scope scope)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in written.Properties)
        {
            var value = Evaluate(property.Value, scope);
            if (property.Key is not null)
                properties[Values.Text(Evaluate(property.Key, scope))] = value;
            else
                foreach (var (name, each) in (Dictionary<string, object?>)value!)
                    properties[name] = each;
        }

        return properties;
    }

    private object? Called(CallExpression call, Scope scope)
    {
        var arguments = call.Arguments.Select(argument => Evaluate(argument, scope)).ToArray();
        var file = scope.File;
        var declared = file.File.Find(call.Function);
        if (declared is Import import && program.Find(file.File, import.Path) is { } other)
            (file, declared) = (new FileScope(other, new Dictionary<string, object?>(StringComparer.Ordinal)), other.Find(import.Exported));
        if (declared is Function function)
        {
            var inside = function.Parameters.Zip(arguments).Aggregate(new Scope(file), (place, pair) => place.With(pair.First.Name, pair.Second));
            return Evaluate(function.Body, inside);
        }

        return new BuiltInFunctions(this, program.Sources, environment, file.File.Path).Call(call.Function, arguments);
    }
}
