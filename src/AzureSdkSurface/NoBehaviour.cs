namespace Headgate.AzureSdkSurface;

/// <summary>What a member does whose behaviour exists only in the published package.</summary>
internal static class NoBehaviour
{
    public static PlatformNotSupportedException Here() =>
        new("This build was compiled against the surface of the Azure packages, which has no behaviour. Build with -p:UseAzureSdk=true.");
}
