using Headgate.Core.Validation;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Tests.Discovery;

public sealed class FunctionCatalogTests
{
    private static readonly IConfiguration s_configuration = new ConfigurationBuilder()
        .AddInMemoryCollection([new("QueueName", "runs")])
        .Build();

    [Fact]
    public void Discover_ClassWithEveryTrigger_FindsAllWithSettingsResolved()
    {
        var problems = new Problems();

        var catalog = FunctionCatalog.Discover([typeof(SampleFunctions)], s_configuration, problems);

        Assert.Empty(problems.Items);
        Assert.Equal(["Double", "Greet", "Order", "Receive", "Tick"], catalog.Functions.Select(entry => entry.Name));
        Assert.Equal(new Trigger.Activity("Double"), catalog.Functions[0].Trigger);
        var http = Assert.IsType<Trigger.Http>(catalog.Functions[1].Trigger);
        Assert.Equal(("greet/{name}", "GET"), (http.Route, Assert.Single(http.Methods)));
        Assert.Equal(new Trigger.Queue("runs"), catalog.Functions[3].Trigger);
        Assert.IsType<Trigger.Timer>(catalog.Functions[4].Trigger);
    }

    [Fact]
    public void Discover_FunctionsThatCannotBe_NamesEveryProblem()
    {
        var problems = new Problems();

        FunctionCatalog.Discover([typeof(WrongFunctions)], s_configuration, problems);

        const string Expected = """
            NoTrigger: needs exactly one trigger, has 0
            Unbound: the parameter 'version' of type Version cannot be bound
            NotInRoute: the parameter 'c' of type String cannot be bound
            NoAnswer: an HTTP function returns Task<IActionResult>, not System.Threading.Tasks.Task
            FiveFields: '0 0 * * *' is not a schedule of six fields: second, minute, hour, day, month, day of week
            Missing: the setting 'NoSuchSetting' is missing
            twice: two functions have this name: Headgate.LocalHost.Tests.Discovery.WrongFunctions.Once and Headgate.LocalHost.Tests.Discovery.WrongFunctions.Again
            OfATopic: of Service Bus only a queue is served, one message at a time, completed when the function returns
            SettlesItself: of Service Bus only a queue is served, one message at a time, completed when the function returns
            Hidden: the method is not public
            """;
        Assert.Equal(Expected, problems.ToString());
    }

    [Fact]
    public void CheckClasses_ConstructorAsksForWhatIsNoService_NamesEachFunctionOfTheClass()
    {
        var problems = new Problems();
        var catalog = FunctionCatalog.Discover([typeof(SampleFunctions), typeof(LonelyFunctions)], s_configuration, problems);
        using var services = new ServiceCollection().AddSingleton(new Greeting("Hello")).BuildServiceProvider();

        catalog.CheckClasses(services.GetRequiredService<IServiceProviderIsService>(), problems);

        Assert.Equal("Lonely: LonelyFunctions needs a constructor that asks for services only", problems.ToString());
    }
}
