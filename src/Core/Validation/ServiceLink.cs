namespace Headgate.Core.Validation;

/// <summary>
/// Recognizes the variables that Kubernetes sets in every container for each service of the namespace. A service <c>headgate</c> gives
/// <c>HEADGATE_PORT=tcp://10.96.0.7:7071</c> and others, which look like settings but are not.
/// </summary>
public static class ServiceLink
{
    private static readonly string[] s_protocols = ["TCP", "UDP", "SCTP"];

    public static bool Is(string name, string value)
    {
        if (name.EndsWith("_SERVICE_HOST", StringComparison.Ordinal) || name.EndsWith("_SERVICE_PORT", StringComparison.Ordinal) || name.Contains("_SERVICE_PORT_", StringComparison.Ordinal))
            return true;
        var words = name.Split('_');
        return words switch
        {
            [_, .., "PORT", var number, var protocol, "PROTO" or "PORT" or "ADDR"] when IsPort(number, protocol) => true,
            [_, .., "PORT", var number, var protocol] when IsPort(number, protocol) => IsAddress(value),
            [_, .., "PORT"] => IsAddress(value),
            _ => false,
        };
    }

    private static bool IsPort(string number, string protocol) => number.Length > 0 && number.All(char.IsAsciiDigit) && s_protocols.Contains(protocol, StringComparer.Ordinal);

    private static bool IsAddress(string value) =>
        s_protocols.Any(protocol => value.StartsWith(protocol + "://", StringComparison.OrdinalIgnoreCase));
}
