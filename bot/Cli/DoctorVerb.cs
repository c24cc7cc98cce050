using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Bot.Doctor;

namespace Notifier.Bot.Cli;

/// <summary><c>doctor</c>: looks at everything and says what it found, what is wrong and what to do; a line each, or as JSON. Nothing in it is a secret.</summary>
internal static class DoctorVerb
{
    // For people and programs, never inside a web page.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(CommandArguments arguments, CancellationToken ct)
    {
        using var installation = new Installation(arguments);
        var findings = (await Examination.RunAsync(installation, TimeProvider.System, ct))
            .Select(finding => finding with { Name = Clean(finding.Name), Found = Clean(finding.Found), Cure = finding.Cure is { } cure ? Clean(cure) : null })
            .ToList();
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(arguments.Has("--json") ? Json(findings) : System.Text.Encoding.UTF8.GetBytes(Text(findings)), ct);
        return IsWell(findings) ? ExitCode.Done : ExitCode.Failure;

        string Clean(string text) => Words.Plain(installation.Secrets.Scrub(text));
    }

    private static bool IsWell(List<Finding> findings) => !findings.Exists(finding => finding.State == FindingState.Fault);

    private static string Text(List<Finding> findings)
    {
        var lines = findings.SelectMany(finding => finding.Cure is null
            ? [$"{Name(finding.State),-8} {finding.Name}: {finding.Found}"]
            : (string[])[$"{Name(finding.State),-8} {finding.Name}: {finding.Found}", $"{"",-8} → {finding.Cure}"]);
        return string.Concat(lines.Append($"{Count(FindingState.Fault)} faults, {Count(FindingState.Warning)} warnings, {Count(FindingState.Ok)} well").Select(line => line + "\n"));

        int Count(FindingState state) => findings.Count(finding => finding.State == state);
    }

    private static byte[] Json(List<Finding> findings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", IsWell(findings));
            json.WriteStartArray("checks");
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("name", finding.Name);
                json.WriteString("state", Name(finding.State));
                json.WriteString("found", finding.Found);
                json.WriteString("cure", finding.Cure);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static string Name(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Warning => "warning",
        FindingState.Fault => "fault",
        _ => throw new InvalidOperationException($"No such state: {state}"),
    };
}
