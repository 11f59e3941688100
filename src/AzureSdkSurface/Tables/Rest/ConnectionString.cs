namespace Azure.Data.Tables;

/// <summary>Where the tables are and with which key, from the text that the portal gives out.</summary>
internal sealed record ConnectionString(Uri Endpoint, TableSharedKeyCredential Credential)
{
    /// <summary>Account, key and address of every storage emulator; public knowledge.</summary>
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="InvalidOperationException">Something that a connection needs is missing or unusable; the key is never in the message.</exception>
    public static ConnectionString Parse(string text)
    {
        var parts = Parts(text);
        if (parts.TryGetValue("UseDevelopmentStorage", out var emulator) && string.Equals(emulator, "true", StringComparison.OrdinalIgnoreCase))
            return new(new Uri($"http://127.0.0.1:10002/{EmulatorAccount}"), new(EmulatorAccount, EmulatorKey));
        if (parts.ContainsKey("SharedAccessSignature"))
            throw new InvalidOperationException("The connection string holds a shared access signature; give an account key, or an endpoint and a credential.");
        var account = Required(parts, "AccountName");
        return new(EndpointOf(parts, account), CredentialOf(account, Required(parts, "AccountKey")));
    }

    private static TableSharedKeyCredential CredentialOf(string account, string key)
    {
        try
        {
            return new(account, key);
        }
        catch (FormatException failure)
        {
            throw new InvalidOperationException("The connection string's AccountKey is no Base64.", failure);
        }
    }

    private static Uri EndpointOf(Dictionary<string, string> parts, string account)
    {
        var text = parts.GetValueOrDefault("TableEndpoint")
            ?? $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new InvalidOperationException($"The connection string's table endpoint '{text}' is no http or https address.");
    }

    private static string Required(Dictionary<string, string> parts, string name) =>
        parts.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new InvalidOperationException($"The connection string has no {name}.");

    private static Dictionary<string, string> Parts(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new InvalidOperationException("The connection string is no list of name=value pairs with semicolons between them.");
            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        return parts;
    }
}
