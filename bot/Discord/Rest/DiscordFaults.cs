using System.Text.Json;

namespace Notifier.Bot.Discord.Rest;

/// <summary>What went wrong between us and Discord, as answers. No reason carries a secret or a message's text.</summary>
internal static class DiscordFaults
{
    private const int MaxFields = 5;

    /// <summary>No answer came. Only what fails before the first byte goes out is certainly not sent.</summary>
    public static DiscordAnswer Of(Exception fault, bool timedOut, TimeSpan timeLimit) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new DiscordAnswer.NotSent("Discord's name was not found."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new DiscordAnswer.NotSent("Discord could not be connected to."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new DiscordAnswer.NotSent("No secure connection to Discord could be made."),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => new DiscordAnswer.NotSent("The proxy does not let us through to Discord."),
        // The handler's own limit for connecting, which ends before ours.
        OperationCanceledException { InnerException: TimeoutException } when !timedOut => new DiscordAnswer.NotSent("Discord could not be connected to in time."),
        OperationCanceledException => new DiscordAnswer.Lost($"Discord did not answer within {timeLimit.TotalSeconds:0} s."),
        HttpRequestException http => new DiscordAnswer.Lost($"The connection to Discord broke ({http.HttpRequestError})."),
        _ => new DiscordAnswer.Lost($"The connection to Discord broke ({fault.GetType().Name})."),
    };

    /// <summary>A 4xx, with Discord's code and words if its body is Discord's.</summary>
    public static DiscordAnswer.Refused Refusal(int status, JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } json)
            return new DiscordAnswer.Refused(status, 0, $"HTTP {status}, and not in Discord's form.");
        var code = json.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : 0;
        var message = json.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? Cut(text.GetString()!) : $"HTTP {status}";
        var fields = new List<string>();
        if (json.TryGetProperty("errors", out var errors))
            Fields(errors, "", fields);
        return new DiscordAnswer.Refused(status, code, fields.Count == 0 ? message : $"{message} ({string.Join(", ", fields)})");
    }

    /// <summary>Names the fields that Discord complains of, with its code for each; its sentences may quote what was sent.</summary>
    private static void Fields(JsonElement errors, string path, List<string> found)
    {
        if (errors.ValueKind != JsonValueKind.Object)
            return;
        foreach (var field in errors.EnumerateObject())
        {
            if (found.Count >= MaxFields)
                return;
            if (field.NameEquals("_errors"))
                found.Add(Cut($"{path}: {CodeOf(field.Value)}"));
            else
                Fields(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", found);
        }
    }

    private static string CodeOf(JsonElement errors) =>
        errors.ValueKind == JsonValueKind.Array && errors.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
        && first.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()! : "?";

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
