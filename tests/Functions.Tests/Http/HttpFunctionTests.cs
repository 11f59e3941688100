using Headgate.Functions.Http;
using Xunit;

namespace Headgate.Functions.Tests.Http;

public sealed class HttpFunctionTests
{
    [Theory]
    [InlineData("health", "/health", false)]
    [InlineData("tenants/{tenantId}/runs", "/tenants/{tenantId}/runs", false)]
    [InlineData("{ignored:maxlength(0)?}", "/", false)]
    [InlineData("{*path}", "/{*path}", true)]
    public void Path_OfARoute_IsAsCallersWriteIt(string route, string path, bool answersTheRest)
    {
        var function = new HttpFunction("F", route, ["get"], typeof(HttpFunctionTests).GetMethods()[0]);

        Assert.Equal((path, answersTheRest), (function.Path, function.AnswersTheRest));
    }
}
