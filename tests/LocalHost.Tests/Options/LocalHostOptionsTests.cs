using System.Collections;
using Headgate.Core.Validation;
using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Tests.Options;

public sealed class LocalHostOptionsTests
{
    private readonly Problems _problems = new();

    [Fact]
    public void Read_NothingSet_GivesDefaults()
    {
        var options = EnvironmentSettings.Read(new Hashtable(), false, _problems);
        options.Check(_problems);

        Assert.Empty(_problems.Items);
        Assert.Equal(("headgate-data", 7071, "127.0.0.1"), (options.DataFolder, options.Port, options.Host));
    }

    [Fact]
    public void Read_EnvironmentSet_GoesBeforeDefaults()
    {
        var options = EnvironmentSettings.Read(
            new Hashtable { ["HEADGATE_DATA"] = "d", ["HEADGATE_PORT"] = "0", ["HEADGATE_HOST"] = "0.0.0.0", ["HEADGATE_AGENT_NAME"] = "other" }, false, _problems);

        Assert.Empty(_problems.Items);
        Assert.Equal(("d", 0, "0.0.0.0"), (options.DataFolder, options.Port, options.Host));
    }

    [Fact]
    public void Read_LinksToAKubernetesService_AreNoSettings()
    {
        var links = new Hashtable
        {
            ["HEADGATE_PORT"] = "tcp://10.96.0.7:7071",
            ["HEADGATE_SERVICE_HOST"] = "10.96.0.7",
            ["HEADGATE_SERVICE_PORT"] = "7071",
            ["HEADGATE_PORT_7071_TCP_ADDR"] = "10.96.0.7",
            ["HEADGATE_DATA_PORT"] = "tcp://10.96.0.8:80",
        };

        Assert.Equal((7071, true), (EnvironmentSettings.Read(links, false, _problems).Port, EnvironmentSettings.HasServiceLink(links)));
        Assert.Empty(_problems.Items);
    }

    [Fact]
    public void Read_PortOnTheCommandLine_TheVariableIsNotJudged()
    {
        EnvironmentSettings.Read(new Hashtable { ["HEADGATE_PORT"] = "seven" }, true, _problems);

        Assert.Empty(_problems.Items);
    }

    [Fact]
    public void Check_EverythingWrong_NamesEveryProblem()
    {
        var options = EnvironmentSettings.Read(
            new Hashtable { ["HEADGATE_PROT"] = "1", ["HEADGATE_PORT"] = "x", ["HEADGATE_HOST"] = "here", ["HEADGATE_ADMIN_KEY"] = "hg_op_short" }, false, _problems);
        (options with { Port = 70000, DataFolder = " " }).Check(_problems);

        const string Expected = """
            HEADGATE_PROT: is unknown; did you mean 'HEADGATE_PORT'?
            HEADGATE_PORT: must be a whole number
            data: must name a folder
            port: must be from 0 to 65535
            host: 'here' is not an IP address
            HEADGATE_ADMIN_KEY: must have the form hg_<id>_<secret>, the id of letters, digits and dashes, the secret of these and underscores
            """;
        Assert.Equal(Expected, _problems.ToString());
    }
}
