namespace Headgate.Infrastructure.Tests.Bicep.Syntax;

/// <summary>A file of Bicep, or of its parameters, to declarations. What it does not know is an error, never skipped.</summary>
internal sealed class Parser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _values;
    private readonly TypeParser _types;
    private readonly List<Declaration> _declarations = [];
    private string _scope = "resourceGroup";
    private string? _using;

    private Parser(string text)
    {
        _tokens = new TokenReader(Lexer.Read(text));
        _values = new ExpressionParser(_tokens);
        _types = new TypeParser(_tokens, Decorators);
    }

    /// <exception cref="BicepSyntaxException">The text is no Bicep that this parser knows.</exception>
    public static BicepFile Parse(string path, string text)
    {
        var parser = new Parser(text);
        var isParameters = path.EndsWith(".bicepparam", StringComparison.Ordinal);
        for (parser._tokens.SkipLines(); parser._tokens.Current.Kind != TokenKind.End; parser._tokens.SkipLines())
        {
            parser.Declare(isParameters);
            if (parser._tokens.Current.Kind is not (TokenKind.NewLine or TokenKind.End))
                throw parser._tokens.Unexpected("the end of the line");
        }

        return new BicepFile(path, parser._scope, parser._using, parser._declarations);
    }

    private List<CallExpression> Decorators()
    {
        var decorators = new List<CallExpression>();
        while (_tokens.Take("@"))
        {
            decorators.Add(_values.Read() as CallExpression ?? throw _tokens.Unexpected("a decorator"));
            _tokens.SkipLines();
        }

        return decorators;
    }

    private void Declare(bool isParameters)
    {
        var decorators = Decorators();
        var line = _tokens.Line;
        switch (_tokens.ExpectName())
        {
            case "targetScope":
                _tokens.Expect("=");
                _scope = _tokens.ExpectText();
                break;
            case "using":
                _using = _tokens.ExpectText();
                break;
            case "import":
                Imports(line);
                break;
            case "param":
                _declarations.Add(isParameters ? new Assignment(line, _tokens.ExpectName(), Assigned()) : ReadParameter(line, decorators));
                break;
            case "var":
                _declarations.Add(new Variable(line, _tokens.ExpectName(), decorators, Assigned()));
                break;
            case "output":
                _declarations.Add(new Output(line, _tokens.ExpectName(), decorators, _types.Read(), Assigned()));
                break;
            case "type":
                _declarations.Add(ReadType(line, decorators));
                break;
            case "func":
                _declarations.Add(ReadFunction(line, decorators));
                break;
            case "resource":
                _declarations.Add(ReadResource(line, decorators));
                break;
            case "module":
                _declarations.Add(new Module(line, _tokens.ExpectName(), decorators, _tokens.ExpectText(), Assigned()));
                break;
            case var other:
                throw new BicepSyntaxException(line, $"'{other}' begins no declaration");
        }
    }

    private Expression Assigned()
    {
        _tokens.Expect("=");
        _tokens.SkipLines();
        return _values.ReadConditional();
    }

    private Parameter ReadParameter(int line, List<CallExpression> decorators)
    {
        var name = _tokens.ExpectName();
        var type = _types.Read();
        return new Parameter(line, name, decorators, type, _tokens.Peek("=") ? Assigned() : null);
    }

    private TypeDeclaration ReadType(int line, List<CallExpression> decorators)
    {
        var name = _tokens.ExpectName();
        _tokens.Expect("=");
        _tokens.SkipLines();
        return new TypeDeclaration(line, name, decorators, _types.Read());
    }

    private Function ReadFunction(int line, List<CallExpression> decorators)
    {
        var name = _tokens.ExpectName();
        _tokens.Expect("(");
        var parameters = _tokens.Items(")", () => (_tokens.ExpectName(), _types.Read()));
        var returns = _types.Read();
        _tokens.Expect("=>");
        _tokens.SkipLines();
        return new Function(line, name, decorators, parameters, returns, _values.Read());
    }

    private Resource ReadResource(int line, List<CallExpression> decorators)
    {
        var name = _tokens.ExpectName();
        var type = _tokens.ExpectText().Split('@');
        if (type.Length != 2)
            throw new BicepSyntaxException(line, $"the type of '{name}' names no API version");
        var isExisting = _tokens.TakeName("existing");
        return new Resource(line, name, decorators, type[0], type[1], isExisting, Assigned());
    }

    private void Imports(int line)
    {
        _tokens.Expect("{");
        var names = _tokens.Items("}", () =>
        {
            var exported = _tokens.ExpectName();
            return (Exported: exported, Name: _tokens.TakeName("as") ? _tokens.ExpectName() : exported);
        });
        if (!_tokens.TakeName("from"))
            throw _tokens.Unexpected("'from'");
        var path = _tokens.ExpectText();
        _declarations.AddRange(names.Select(each => new Import(line, each.Name, each.Exported, path)));
    }
}
