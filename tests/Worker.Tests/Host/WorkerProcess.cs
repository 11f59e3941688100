using System.Reflection;
using Headgate.TestKit;

namespace Headgate.Worker.Tests.Host;

/// <summary>Starts the built app as the Functions host does.</summary>
internal static class WorkerProcess
{
    /// <summary>The app's program as this build made it.</summary>
    public static string Program { get; } = typeof(WorkerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Worker").Value!;

    public static string Folder { get; } = Path.GetDirectoryName(Program)!;

    /// <param name="hostUri">Where the host listens for workers.</param>
    /// <param name="workerId">Which one it is to call itself.</param>
    /// <param name="settings">The app's settings.</param>
    public static ChildProcess Start(Uri hostUri, string workerId, IReadOnlyDictionary<string, string> settings)
    {
        var request = Guid.NewGuid().ToString();
        const string Longest = "2147483647";
        return ChildProcess.Start(
            "dotnet",
            [
                Program,
                "--host", hostUri.Host, "--port", $"{hostUri.Port}", "--workerId", workerId, "--requestId", request, "--grpcMaxMessageLength", Longest,
                "--functions-uri", hostUri.ToString(), "--functions-worker-id", workerId, "--functions-request-id", request, "--functions-grpc-max-message-length", Longest,
            ],
            [.. settings, new("FUNCTIONS_APPLICATION_DIRECTORY", Folder), new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")],
            Folder);
    }
}
