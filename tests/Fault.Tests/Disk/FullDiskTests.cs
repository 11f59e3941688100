using Headgate.TestKit;

namespace Headgate.Fault.Tests.Disk;

/// <summary>Files that may not grow stand for a disk without room: the write that needs more is refused by the system.</summary>
public sealed class FullDiskTests
{
    private const int DiskRefused = 3;

    [Fact]
    public async Task Write_NoRoomLeft_EndsWithTheReasonAndLosesNothingItAnsweredFor()
    {
        using var folder = new TempFolder();
        List<string> accepted;
        await using (var service = await ServiceProcess.StartAsync(folder.Path, largestFile: 3 * 1024))
        {
            using var client = service.NewClient();
            await KeptRuns.CreateAsync(client, "acme");
            accepted = await KeptRuns.SubmitAsync(client, "acme", most: 10_000);

            var exitCode = await service.EndedAsync();
            Assert.True(service.Errors.Contains($"The disk of {folder.Path}", StringComparison.Ordinal), service.Errors);
            Assert.Equal(DiskRefused, exitCode);
            Assert.DoesNotContain("Unhandled exception", service.Errors, StringComparison.Ordinal);
        }

        Assert.NotEmpty(accepted);
        await using var withRoom = await ServiceProcess.StartAsync(folder.Path);
        using var again = withRoom.NewClient();
        await KeptRuns.AllAreThereAsync(again, "acme", accepted);
        Assert.NotEmpty(await KeptRuns.SubmitAsync(again, "acme", most: 1));
    }

    [Fact]
    public async Task Start_NoRoomForTheDatabase_IsRefusedWithTheFile()
    {
        using var folder = new TempFolder();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartAsync(folder.Path, largestFile: 8));

        Assert.Contains(folder["headgate.db"], refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", refused.Message, StringComparison.Ordinal);
        await using var withRoom = await ServiceProcess.StartAsync(folder.Path);
    }
}
