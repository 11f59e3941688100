using Headgate.Core.Validation;

namespace Headgate.LocalHost.Options;

internal static class UnknownSetting
{
    public static string Message(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } near ? $"is unknown; did you mean '{near}'?" : "is unknown";
}
