using System.Text.Json;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tasks.Archive;

/// <param name="Paths">Files and folders, absolute.</param>
/// <param name="Output">Absolute, ending in <c>.tar.gz</c> or <c>.tgz</c>; replaced as a whole when the archive is complete.</param>
/// <param name="Exclude">Patterns with <c>*</c> and <c>?</c>: one without a slash is held against every name, one with a slash against the path below the folder that was asked for.</param>
/// <param name="SkipUnreadable"><c>onUnreadable</c>: <c>fail</c> (unless said) or <c>skip</c>.</param>
internal sealed record ArchivePayload(IReadOnlyList<string> Paths, string Output, IReadOnlyList<string> Exclude, bool SkipUnreadable)
{
    public static ArchivePayload Read(JsonElement? payload, Problems problems)
    {
        var read = new PayloadReader(payload, problems);
        var onUnreadable = read.Text("onUnreadable");
        var archive = new ArchivePayload(read.Texts("paths", required: true), read.Text("output", required: true) ?? "", read.Texts("exclude"), onUnreadable == "skip");
        read.End();
        if (onUnreadable is not (null or "fail" or "skip"))
            problems.Add("onUnreadable", "must be fail or skip");
        if (archive.Output.Length > 0 && !archive.Output.EndsWith(".tar.gz", StringComparison.Ordinal) && !archive.Output.EndsWith(".tgz", StringComparison.Ordinal))
            problems.Add("output", "must end in .tar.gz or .tgz");
        return archive;
    }
}
