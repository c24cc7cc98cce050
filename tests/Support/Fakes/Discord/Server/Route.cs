using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>One operation that is played: its template as in the contract, and what answers it. With the token in its path it needs no other.</summary>
internal sealed class Route(string method, string template, Func<DiscordRequest, DiscordAnswer> answer, bool hasTokenInPath = false)
{
    private readonly string[] _steps = template.Split('/');

    public string Operation { get; } = $"{method} {template}";

    public bool HasTokenInPath => hasTokenInPath;

    public DiscordAnswer Answer(DiscordRequest request) => answer(request);

    /// <summary>What stands in the places of the template, or null for another path.</summary>
    public IReadOnlyDictionary<string, string>? Match(string verb, string path)
    {
        var steps = path.Split('/');
        if (verb != method || steps.Length != _steps.Length)
            return null;
        var values = new Dictionary<string, string>();
        for (var i = 0; i < steps.Length; i++)
        {
            if (_steps[i].StartsWith('{'))
                values[_steps[i].Trim('{', '}')] = steps[i];
            else if (_steps[i] != steps[i])
                return null;
        }

        return values;
    }
}

/// <summary>An answer that went well.</summary>
internal sealed record DiscordAnswer(int Status, JsonNode? Body = null)
{
    public static DiscordAnswer Nothing { get; } = new(204);

    public static DiscordAnswer Ok(JsonNode body) => new(200, body);
}
