using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.Worker.Tests.Index;

/// <summary>What the built app tells its host about its functions.</summary>
public class IndexTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public void Index_OfTheWorker_IsWhatTheClassesDeclare()
    {
        var reported = ground.Host.Worker.Functions.SelectMany(function => function.Bindings.Select(binding => DeclaredBindings.Line(function.Name, binding)));

        Assert.Equal(DeclaredBindings.OfTheApp().Order(StringComparer.Ordinal), reported.Order(StringComparer.Ordinal));
    }

    [SuiteTheory]
    [InlineData("timerTrigger", 4)]
    [InlineData("serviceBusTrigger", 1)]
    [InlineData("orchestrationTrigger", 2)]
    [InlineData("activityTrigger", 2)]
    public void Index_OfTheWorker_HasSoManyOfAKind(string trigger, int functions) =>
        Assert.Equal(functions, ground.Host.Worker.Functions.Count(function => function.IsTriggeredBy(trigger)));

    [SuiteFact]
    public void Bindings_OfEachFunction_AreTypedAsTheHostSendsThem() =>
        Assert.All(ground.Host.Worker.Functions, function =>
        {
            Assert.Equal(function.Bindings.Select(Host.IndexedFunction.NameOf).Order(StringComparer.Ordinal), function.Reported.Bindings.Keys.Order(StringComparer.Ordinal));
            Assert.All(function.Bindings, binding =>
            {
                var typed = function.Reported.Bindings[Host.IndexedFunction.NameOf(binding)];
                Assert.Equal(((string)binding["type"]!, (string)binding["direction"]!), (typed.Type, $"{typed.Direction}"));
            });
        });
}
