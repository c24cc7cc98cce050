using System.Reflection;
using System.Text;
using Notifier.Bot.Web;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Subscriptions;
using Notifier.Texts;

namespace Notifier.Bot.Terminal;

/// <summary>What a person sees first: where the data is, where the page is, which platforms are ready, what to try.</summary>
internal sealed class FirstScreen(Storage storage, OwnAddress address, IEnumerable<NamedFeed> named, Platforms platforms, ClaimCode code, Catalogue texts)
{
    public static string Version { get; } = typeof(FirstScreen).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public string Text(int width)
    {
        var demo = named.First();
        var head = new[] { $"Notifier {Version}", $"data: {Path.GetDirectoryName(storage.Path)}", $"{address.Root.GetLeftPart(UriPartial.Authority)}" };
        var line = string.Join("  ·  ", head);
        return $"""
            {(line.Length <= width ? line : string.Join('\n', head))}

            {Lines()}
            Try:  /subscribe {demo.Name}        a built-in feed that posts every {Schedules.ScheduleWords.Of(texts, demo.Every)}
                  /subscribe https://…   any RSS, Atom or JSON feed, or a page that has one
                  /help

            """;
    }

    /// <summary>A line for each platform, and one for the code where somebody can claim Notifier on one.</summary>
    private string Lines()
    {
        var lines = new StringBuilder();
        foreach (var platform in platforms.All.OrderBy(platform => platform.SetupSteps.Count == 0).ThenBy(platform => platform.Name, StringComparer.Ordinal))
        {
            var state = SetupCommand.InWords(platform.State, (key, values) => texts.Say(key, values));
            var hint = platform.State switch
            {
                PlatformState.NotSetUp or PlatformState.Closed => $"→  /setup {platform.Name}",
                PlatformState.Ready { As.Length: 0 } => "→  you can try everything right here",
                _ => "",
            };
            lines.Append("  ").Append(platform.Title.PadRight(10)).Append($"{state,-14}  {hint}".TrimEnd()).Append('\n');
        }

        if (platforms.All.Any(platform => platform.SetupSteps.Count > 0 && platform.State is not PlatformState.NotSetUp) && code.ForFirstOperator() is { } claim)
            lines.Append("\n  ").Append(texts.Say("screen.claim", ("code", claim))).Append('\n');
        return lines.ToString();
    }
}
