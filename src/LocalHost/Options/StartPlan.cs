using Headgate.Core.Validation;
using Headgate.Functions;
using Headgate.Functions.Options;
using Headgate.LocalHost.Discovery;
using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Options;

/// <summary>Everything a start rests on, read and found sound before anything is opened.</summary>
internal sealed record StartPlan(LocalHostOptions Options, HostJson HostJson, IConfiguration Configuration, FunctionCatalog Catalog)
{
    /// <param name="problems">What was found wrong with the options so far.</param>
    /// <param name="types">Where to look for functions; null: the app.</param>
    /// <exception cref="StartRefusedException">Lists every problem.</exception>
    public static StartPlan Of(LocalHostOptions options, Problems problems, IEnumerable<Type>? types = null)
    {
        options.Check(problems);
        var configuration = LocalConfiguration.Build(options);
        OptionsRules.Read(configuration, problems);
        ScrapeKey.Check(configuration, problems);
        var plan = new StartPlan(
            options,
            HostJson.Read(HostJson.DefaultPath, problems),
            configuration,
            FunctionCatalog.Discover(types ?? typeof(Composition).Assembly.GetTypes(), configuration, problems));
        return problems.Any ? throw new StartRefusedException(problems.Items) : plan;
    }
}
