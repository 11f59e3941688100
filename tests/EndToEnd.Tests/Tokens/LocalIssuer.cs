using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.EndToEnd.Tests.Tokens;

/// <summary>An OpenID Connect issuer on this machine: metadata, keys, and tokens of any kind, good and bad.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Audience = "api://headgate";

    private readonly List<SigningKey> _published = [];
    private readonly TimeProvider _clock;
    private readonly ReservedPort _port;
    private WebApplication? _app;
    private int _reads;

    private LocalIssuer(TimeProvider clock)
    {
        (_clock, _port) = (clock, ReservedPort.Take());
        Address = $"http://127.0.0.1:{_port.Number}";
        Rotate(keepsTheOld: false);
    }

    public string Address { get; }

    /// <summary>How often anybody asked for its metadata.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Set: answers come only when it is done.</summary>
    public Task? Holds { get; set; }

    public SigningKey Newest => _published[^1];

    public static async Task<LocalIssuer> StartAsync(TimeProvider? clock = null, bool isUp = true)
    {
        var issuer = new LocalIssuer(clock ?? TimeProvider.System);
        if (isUp)
            await issuer.UpAsync();
        return issuer;
    }

    /// <summary>Signs with a new key from now on.</summary>
    public SigningKey Rotate(bool keepsTheOld = true)
    {
        if (!keepsTheOld)
            _published.Clear();
        _published.Add(new SigningKey($"key-{Guid.NewGuid():N}"));
        return Newest;
    }

    /// <summary>Signs with a new key that has the old one's name.</summary>
    public void Replace() => _published[^1] = new SigningKey(Newest.Id);

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", async () =>
        {
            Interlocked.Increment(ref _reads);
            await (Holds ?? Task.CompletedTask);
            return Results.Text(new JsonObject { ["issuer"] = Address, ["jwks_uri"] = $"{Address}/keys" }.ToJsonString(), "application/json");
        });
        _app.MapGet("/keys", () => Results.Text(new JsonObject { ["keys"] = new JsonArray([.. _published.ToList().Select(key => key.Published())]) }.ToJsonString(), "application/json"));
        await _app.StartAsync();
    }

    public async Task DownAsync()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    /// <summary>A good token, but for what the test changes.</summary>
    public string Token(string subject, Action<JsonObject>? claims = null, Action<JsonObject>? header = null, SigningKey? key = null, double lifeSeconds = 3600)
    {
        key ??= Newest;
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var head = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = key.Id };
        var body = new JsonObject { ["iss"] = Address, ["aud"] = Audience, ["sub"] = subject, ["iat"] = now, ["nbf"] = now, ["exp"] = now + (long)lifeSeconds };
        claims?.Invoke(body);
        header?.Invoke(head);
        var text = $"{Encoded(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Encoded(Encoding.UTF8.GetBytes(body.ToJsonString()))}";
        return $"{text}.{key.Sign(text, (string?)head["alg"])}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _port.Dispose();
    }

    private static string Encoded(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    internal sealed class SigningKey(string id)
    {
        private readonly RSA _rsa = RSA.Create(2048);

        public string Id => id;

        public JsonObject Published()
        {
            var parameters = _rsa.ExportParameters(includePrivateParameters: false);
            return new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id, ["n"] = Encoded(parameters.Modulus!), ["e"] = Encoded(parameters.Exponent!) };
        }

        /// <summary>By the algorithm of the token's head. With a shared secret, it is the public key: whoever takes that falls for the oldest trick.</summary>
        public string Sign(string text, string? algorithm) => algorithm switch
        {
            "none" => "",
            "HS256" => Encoded(HMACSHA256.HashData(_rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(text))),
            "RS512" => Encoded(_rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
            _ => Encoded(_rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };
    }
}
