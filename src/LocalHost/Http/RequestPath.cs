using Microsoft.AspNetCore.Http;

namespace Headgate.LocalHost.Http;

/// <summary>
/// The rest of what makes a path one of a kind before it is routed: runs of slashes become one. The web server has already
/// resolved dot segments and percent-encoding, and routing ignores case and a slash at the end.
/// </summary>
internal static class RequestPath
{
    public static PathString Normalise(PathString path)
    {
        if (path.Value is not { } text || !text.Contains("//", StringComparison.Ordinal))
            return path;
        return new PathString('/' + string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries)));
    }
}
