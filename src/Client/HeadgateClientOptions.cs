namespace Headgate.Client;

/// <summary>Where the service is, and who calls.</summary>
public sealed class HeadgateClientOptions
{
    /// <summary>The service's address; a path in it is kept before every call's.</summary>
    public Uri? Service { get; set; }

    /// <summary>An API key or a token of the configured issuer; null for the calls that need none.</summary>
    public string? Key { get; set; }

    /// <summary>How often a call is tried again; 0..10.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>A refusal that asks for a longer wait is told at once.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For one try, until its answer begins. Time that a call asks the service to wait is added.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tells how far off a time is at which the service says to come back.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
