namespace Headgate.Fault.Tests.Actors;

/// <summary>Somebody who calls the service. Takes one step at a time; different actors take theirs at the same time.</summary>
internal interface IActor
{
    /// <summary>One call or a few. Whatever fails because the service is away is done again later, or left.</summary>
    Task StepAsync();
}
