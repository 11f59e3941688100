namespace Headgate.Client;

/// <summary>Where the service is, and who calls.</summary>
public sealed class HeadgateClientOptions
{
    /// <summary>The service's address, http or https; a path in it is kept before every call's.</summary>
    public Uri? Service { get; set; }

    /// <summary>An API key or a token of the configured issuer; null for the calls that need none.</summary>
    public string? Key { get; set; }

    /// <summary>How often a call is tried again; 0..10.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>A refusal that asks for a longer wait is told at once. What is waited is up to a fifth longer than asked for.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a submission that finds the tenant full is tried again like other refusals. It never is if it asked the service to wait.</summary>
    public bool RetriesWhenFull { get; set; }

    /// <summary>
    /// For one try, until the last byte of its answer. Time that a call asks the service to wait is added. A call as a whole takes at most
    /// (<see cref="MaxRetries"/> + 1) such times and <see cref="MaxRetries"/> waits: less than four minutes by default. Streams of events go on; one
    /// that is silent for 45 seconds is taken up again.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tells how far off a time is at which the service says to come back.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
