using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Headgate.LocalHost.Tests.Discovery;

/// <summary>Stands for a service that a function class asks for.</summary>
public sealed record Greeting(string Text);

public sealed class SampleFunctions(Greeting greeting)
{
    [Function("Greet")]
    public IActionResult Greet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greet/{name}")] HttpRequest request,
        string name,
        FunctionContext context,
        CancellationToken cancellation) =>
        new ContentResult { Content = $"{greeting.Text} {name} {request.Method} {context.FunctionDefinition.Name} {cancellation.CanBeCanceled}" };

    [Function("Receive")]
    public Task<string> Receive([ServiceBusTrigger("%QueueName%", Connection = "ServiceBus")] string message) => Task.FromResult(message);

    [Function("Tick")]
    public void Tick([TimerTrigger("*/5 * * * * *")] TimerInfo timer) => timer.IsPastDue = true;

    [Function("Order")]
    public static async Task<string> Order([OrchestrationTrigger] TaskOrchestrationContext? context)
    {
        await Task.Yield();
        return context is null ? "no context" : "context";
    }

    [Function("Double")]
    public ValueTask<int> Double([ActivityTrigger] int input) => new(2 * input);
}

/// <summary>Functions whose class asks for more than there is.</summary>
public sealed class LonelyFunctions(Version version, Greeting greeting)
{
    [Function("Lonely")]
    public void Lonely([TimerTrigger("0 0 * * * *")] TimerInfo timer) => timer.IsPastDue = version.Major > greeting.Text.Length;
}

/// <summary>Every way to write a function that cannot be one.</summary>
public sealed class WrongFunctions
{
    [Function("NoTrigger")]
    public void NoTrigger(FunctionContext context) => ArgumentNullException.ThrowIfNull(context);

    [Function("Unbound")]
    public void Unbound([TimerTrigger("0 0 * * * *")] TimerInfo timer, Version version) => ArgumentNullException.ThrowIfNull(version);

    [Function("NotInRoute")]
    public IActionResult NotInRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b}")] HttpRequest request, string c) =>
        new ContentResult { Content = c };

    [Function("NoAnswer")]
    public Task NoAnswer([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.CompletedTask;

    [Function("FiveFields")]
    public void FiveFields([TimerTrigger("0 0 * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("Missing")]
    public void Missing([TimerTrigger("%NoSuchSetting%")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("Twice")]
    public void Once([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("twice")]
    public void Again([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);

    [Function("OfATopic")]
    public void OfATopic([ServiceBusTrigger("topic", "subscription")] string message) => ArgumentNullException.ThrowIfNull(message);

    [Function("SettlesItself")]
    public void SettlesItself([ServiceBusTrigger("queue", AutoCompleteMessages = false)] string message) => ArgumentNullException.ThrowIfNull(message);

    [Function("Hidden")]
    internal void Hidden([TimerTrigger("0 0 * * * *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
}
