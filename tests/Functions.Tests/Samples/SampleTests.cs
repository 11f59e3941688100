using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.Functions.Alerts;
using Headgate.Samples;
using Headgate.TestKit;
using Headgate.TestKit.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Samples;

/// <summary>The files of <c>samples</c>, sent to a service as they stand.</summary>
public sealed partial class SampleTests
{
    [Fact]
    public async Task RequestsFile_OneAfterTheOther_IsAnsweredAsItSays()
    {
        await using var service = await LocalService.StartAsync();
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = "", ["key"] = service.Server.OperatorKey.Text };
        var requests = Requests().Matches(RepositoryFiles.Read("samples/requests.http")).ToList();
        foreach (var request in requests)
        {
            var reply = await SendAsync(service, request, values);
            Assert.True((int)reply.Status == int.Parse(request.Groups["status"].Value), $"{request.Groups["title"].Value} was answered {(int)reply.Status} {reply.Body?.ToJsonString()}");
            foreach (var (field, value) in reply.Body?.AsObject() ?? [])
                values[$"{request.Groups["name"].Value}.response.body.{field}"] = value?.ToString() ?? "";
        }

        Assert.Equal(10, requests.Count);
    }

    [Fact]
    public async Task RunFile_InJson_IsAdmitted()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");

        var reply = await service.Client.SubmitAsync("acme", JsonNode.Parse(RepositoryFiles.Read("samples/one-task.json")));

        Assert.Equal(202, (int)reply.Status);
    }

    [Fact]
    public void WebhookVerifier_WhatTheServiceSigns_IsGenuineAndNothingElse()
    {
        var clock = new ManualClock();
        var key = new byte[32];
        var receiver = new WebhookVerifier("whsec_" + Convert.ToBase64String(key), clock);
        var (id, body, now) = ("n-1", """{"type":"alert.firing"}""", clock.GetUtcNow());
        var (timestamp, signature) = (WebhookSignature.Timestamp(now), WebhookSignature.Of(key, id, now, body));

        Assert.True(receiver.IsGenuine(id, timestamp, signature, body));
        Assert.True(receiver.IsGenuine(id, timestamp, "v1,AAAA " + signature, body));
        Assert.False(receiver.IsGenuine(id, timestamp, signature, body + " "));
        Assert.False(receiver.IsGenuine("n-2", timestamp, signature, body));
        Assert.False(receiver.IsGenuine(id, timestamp, "v1,AAAA", body));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(receiver.IsGenuine(id, timestamp, signature, body));
    }

    private static Task<Reply> SendAsync(LocalService service, Match request, Dictionary<string, string> values)
    {
        var lines = Value().Replace(request.Groups["head"].Value, match => values[match.Groups["name"].Value]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var call = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1])).ToArray();
        var body = request.Groups["body"].Value.Trim();
        return service.NewClient(null).CallAsync(call[0], call[1], body.Length == 0 ? null : body, headers);
    }

    [GeneratedRegex(
        """^\#\#\#\ (?<title>.*):\ (?<status>\d{3})\n\n(\#\ @name\ (?<name>\w+)\n)?(?<head>([^\n]+\n)+)(\n(?<body>(?!\#\#\#)[^\#]*))?""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Requests();

    [GeneratedRegex(@"\{\{(?<name>[\w.]+)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
