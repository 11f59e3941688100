using Headgate.Core.Validation;
using Headgate.Engine;
using Headgate.LocalHost.Discovery;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Tests.Discovery;
using Headgate.LocalHost.Triggers;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Tests.Triggers;

public sealed class DurableFunctionsTests
{
    private readonly DurableFunctions _functions = new(
        FunctionCatalog.Discover(
            [typeof(SampleFunctions)],
            new ConfigurationBuilder().AddInMemoryCollection([new("QueueName", "runs")]).Build(),
            new Problems()),
        new FunctionRunner(
            new FunctionPipeline(new ServiceCollection()).Build(),
            new ServiceCollection().AddSingleton(new Greeting("Hello")).BuildServiceProvider()));

    [Theory]
    [InlineData("21", 42)]
    [InlineData(null, 0)]
    public async Task TryGetActivity_Name_RunsItOnItsInput(string? input, int result)
    {
        Assert.True(_functions.TryGetActivity("double", out var activity));

        Assert.Equal(result, await activity(new ActivityInvocation("Double", "i1", input, JsonDataConverter.Default, CancellationToken.None)));
    }

    [Fact]
    public void TryGet_OtherKindOrName_IsFalse()
    {
        Assert.True(_functions.TryGetOrchestrator("ORDER", out _));
        Assert.False(_functions.TryGetOrchestrator("Double", out _));
        Assert.False(_functions.TryGetActivity("Order", out _));
    }
}
