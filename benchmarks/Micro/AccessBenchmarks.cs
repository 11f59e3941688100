using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Security.Tokens;
using Headgate.Load;
using Headgate.Load.Rig;
using Headgate.Ports;
using Headgate.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Protocols;

namespace Headgate.Micro;

/// <summary>What it costs a request to say who sends it, once its key or token was seen before; and to be counted.</summary>
public class AccessBenchmarks
{
    private readonly DefaultHttpContext _http = new();
    private readonly MemberCaller _member = new("k", "acme", Role.Developer);
    private TemporaryFolder? _folder;
    private EmbeddedStore? _storage;
    private ApiKeyVerifier? _keys;
    private TokenVerifier? _tokens;
    private RequestRate? _rate;
    private string _key = "";
    private string _token = "";

    [GlobalSetup]
    public void Open()
    {
        _folder = new(new LoadOptions().Data);
        _storage = EmbeddedStore.Open(_folder.Path, TimeProvider.System, failure => Environment.FailFast("the disk refused a write", failure));
        (var id, _key, var hash) = ApiKey.Generate(new SystemRandom());
        var record = new KeyRecord(id, _member with { }, hash, "k", TimeProvider.System.GetUtcNow(), null);
        _storage.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Keys, TableWrite.Insert(record.ToRow())))).AsTask().GetAwaiter().GetResult();
        _keys = new ApiKeyVerifier(new KeyStore(_storage.Tables, TimeProvider.System, Arrangement.Alone), new KeyUses(_storage.Tables, TimeProvider.System), TimeProvider.System, []);
        var options = new OidcOptions("https://issuer.example", "api");
        using var rsa = RSA.Create(2048);
        var published = rsa.ExportParameters(includePrivateParameters: false);
        var issuer = new IssuerKeys(options, new Documents(Base64Url.EncodeToString(published.Modulus), Base64Url.EncodeToString(published.Exponent)), TimeProvider.System, NullLogger<IssuerKeys>.Instance);
        _tokens = new TokenVerifier(options, issuer, new Memberships(_storage.Tables, TimeProvider.System), TimeProvider.System);
        var text = $"{Encoded("""{"alg":"RS256","kid":"k"}""")}.{Encoded($$"""{"iss":"https://issuer.example","aud":"api","sub":"ada","exp":{{TimeProvider.System.GetUtcNow().AddHours(6).ToUnixTimeSeconds()}},"more":"{{new string('x', 700)}}"}""")}";
        _token = $"{text}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        _rate = new RequestRate(new HeadgateOptions { Rate = new(MemberRequests: RateOptions.Ceiling) });
        if (Key() is null || Token() is null)
            throw new InvalidOperationException("The credentials are not good.");
    }

    [Benchmark]
    public Caller? Key() => Done(_keys!.VerifyAsync(_key, CancellationToken.None));

    [Benchmark]
    public Caller? Token() => Done(_tokens!.VerifyAsync(_token, CancellationToken.None));

    [Benchmark]
    public object? Rate() => _rate!.Take(_member, _http.Response);

    [GlobalCleanup]
    public void Close()
    {
        _rate!.Dispose();
        _storage!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder!.Dispose();
    }

    private static Caller? Done(ValueTask<Caller?> caller) => caller.IsCompletedSuccessfully ? caller.Result : caller.AsTask().GetAwaiter().GetResult();

    private static string Encoded(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private sealed class Documents(string modulus, string exponent) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) => Task.FromResult(address.EndsWith("/keys", StringComparison.Ordinal)
            ? $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"k","n":"{{modulus}}","e":"{{exponent}}"}]}"""
            : """{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/keys"}""");
    }
}
