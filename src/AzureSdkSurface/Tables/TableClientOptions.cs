using Azure.Core;

namespace Azure.Data.Tables;

public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        Version = serviceVersion == ServiceVersion.V2020_12_06
            ? "2020-12-06"
            : throw new ArgumentOutOfRangeException(nameof(serviceVersion), serviceVersion, "The client does not speak this version.");
        // Says which request failed without telling anything of its content.
        Diagnostics.LoggedHeaderNames.Add("x-ms-error-code");
    }

    internal string Version { get; }

    public enum ServiceVersion
    {
        V2020_12_06 = 2,
    }
}
