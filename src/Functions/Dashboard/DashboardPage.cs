using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Headgate.Functions.Dashboard;

/// <summary>The one page of the dashboard, at the root. Where in it somebody is stands behind the address's <c>#</c>, which never reaches the service.</summary>
public static class DashboardPage
{
    private const string VersionMark = "{version}";

    private static readonly Lazy<DashboardFile> s_page = new(() =>
    {
        var page = DashboardFiles.All[DashboardFiles.Page];
        var text = Encoding.UTF8.GetString(page.Body.Span).Replace(VersionMark, DashboardFiles.Version, StringComparison.Ordinal);
        return new DashboardFile(page.MediaType, Encoding.UTF8.GetBytes(text));
    });

    /// <summary>Browsers name <c>text/html</c>; other callers of the root, who name nothing or everything, want JSON.</summary>
    public static bool IsWantedBy(HttpRequest request) =>
        request.Headers.Accept.Count > 0
        && MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var accepted)
        && accepted.Any(each => each.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && each.Quality is not 0);

    public static IActionResult Answer() => new FileReply(s_page.Value, FileReply.Revalidated, HeaderNames.Accept);
}
