using System.Text;
using System.Text.RegularExpressions;
using Notifier.Tests.Support.Fakes.Contracts;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>What every request must be, whatever it asks for: who sends it, and whether its body keeps the contract.</summary>
internal sealed class RequestChecks(FakeDiscord discord)
{
    private const int MaxBody = 25 * 1024 * 1024;
    private const int MaxFile = 10 * 1024 * 1024;

    private static readonly Regex UserAgent = new(@"^DiscordBot \([^\s,()]+, [^\s,()]+\)", RegexOptions.CultureInvariant);

    private static DiscordContract? Contract => DiscordContract.Find();

    /// <summary>Refuses strangers: without a bot's User-Agent as Cloudflare does, without the token as Discord does.</summary>
    public void DemandSender(Route route, DiscordRequest request)
    {
        if (!UserAgent.IsMatch(request.Headers.GetValueOrDefault("User-Agent", "")))
        {
            discord.Violate($"{request.Operation}: the User-Agent is not DiscordBot (url, version)");
            throw new RefusalException(403, 40333, "internal network error");
        }

        if (!route.HasTokenInPath && request.Headers.GetValueOrDefault("Authorization") != $"Bot {discord.Token}")
            throw new RefusalException(401, 0, "401: Unauthorized");
    }

    public void DemandBody(DiscordRequest request)
    {
        if (Encoding.UTF8.GetByteCount(request.Body) > MaxBody)
        {
            discord.Violate($"{request.Operation}: the request is larger than 25 MiB");
            throw new RefusalException(413, 40005, "Request entity too large");
        }

        if (request.Files is { } files)
            DemandFiles(request, files);
        else if (request.Body.Length > 0 && !request.Headers.GetValueOrDefault("Content-Type", "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            discord.Violate($"{request.Operation}: the content type is not application/json");
            throw new RefusalException(400, 50035, "Expected \"Content-Type\" header to be one of {'application/json'}.");
        }

        if (request.Body.Length > 0 && request.Json is null)
        {
            discord.Violate($"{request.Operation}: the body is no JSON");
            throw new RefusalException(400, 50109, "The request body contains invalid JSON.");
        }

        IReadOnlyList<string> problems = [.. Contract?.CheckRequest(request.Operation, request.Json) ?? [], .. Contract?.CheckQuery(request.Operation, request.Query) ?? []];
        foreach (var problem in problems)
            discord.Violate($"{request.Operation}: {problem}");
        // Discord overlooks fields that it does not know; a test does not.
        if (problems.FirstOrDefault(problem => !problem.EndsWith("unknown field", StringComparison.Ordinal) && !problem.EndsWith("unknown parameter", StringComparison.Ordinal)) is { } wrong)
            throw Refusals.Form(ToError(wrong));
    }

    /// <summary>reference#uploading-files: each a part <c>files[n]</c> with a name, ten at most, beside <c>payload_json</c>.</summary>
    private void DemandFiles(DiscordRequest request, IReadOnlyList<DiscordUpload> files)
    {
        if (!request.Headers["Content-Type"].StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            discord.Violate($"{request.Operation}: a form is multipart/form-data");
        if (files.Count > 10 || files.Any(file => file.Part is null || !Regex.IsMatch(file.Part, @"^files\[[0-9]\]$")))
        {
            discord.Violate($"{request.Operation}: files are files[0] to files[9], not {string.Join(", ", files.Select(file => file.Part))}");
            throw Refusals.Form(new FormError("files", "FILES", "Files are files[0] to files[9]."));
        }

        if (files.Any(file => file.Name.Length == 0))
            discord.Violate($"{request.Operation}: a file has no name");
        if (files.Any(file => file.Content.Length > MaxFile))
            throw new RefusalException(413, 40005, "Request entity too large");
    }

    /// <summary>The contract's <c>body.embeds[0].title: …</c> as Discord says it: at <c>embeds.0.title</c>.</summary>
    private static FormError ToError(string problem)
    {
        var parts = problem.Split(": ", 2);
        return new FormError(parts[0].Replace("body", "", StringComparison.Ordinal).Replace('[', '.').Replace("]", "", StringComparison.Ordinal).Trim('.'), "CONTRACT", parts[1]);
    }
}
