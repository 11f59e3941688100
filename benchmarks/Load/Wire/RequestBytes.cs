using System.Text;

namespace Headgate.Load.Wire;

/// <summary>Whole requests, made once and sent as they are.</summary>
internal static class RequestBytes
{
    public static byte[] Get(string path, string key) => Head("GET", path, key, "");

    public static byte[] Post(string path, string key, ReadOnlySpan<byte> body) =>
        [.. Head("POST", path, key, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. body];

    public static byte[] Patch(string path, string key, ReadOnlySpan<byte> body) =>
        [.. Head("PATCH", path, key, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. body];

    public static byte[] Put(string path, string key, ReadOnlySpan<byte> body) =>
        [.. Head("PUT", path, key, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. body];

    private static byte[] Head(string method, string path, string key, string content) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n{content}\r\n");
}
