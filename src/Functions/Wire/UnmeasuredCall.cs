using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Functions.Wire;

/// <summary>A call that lasts as long as its caller likes: how long that was tells nothing of how fast the service answers.</summary>
public static class UnmeasuredCall
{
    /// <summary>Leaves the call out of <c>http.server.request.duration</c>, where this process measures it.</summary>
    public static void Mark(HttpContext http)
    {
        if (http.Features.Get<IHttpMetricsTagsFeature>() is { } measured)
            measured.MetricsDisabled = true;
    }
}
