using System.Reflection;
using Notifier.Bot.Web;
using Notifier.Model;
using Notifier.Subscriptions;

namespace Notifier.Bot.Terminal;

/// <summary>What a person sees first: where the data is, where the page is, which platforms are ready, what to try.</summary>
internal sealed class FirstScreen(Storage storage, OwnAddress address, IEnumerable<NamedFeed> named)
{
    public static string Version { get; } = typeof(FirstScreen).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public string Text(int width)
    {
        var demo = named.First();
        var head = new[] { $"Notifier {Version}", $"data: {Path.GetDirectoryName(storage.Path)}", $"{address.Root.GetLeftPart(UriPartial.Authority)}" };
        var line = string.Join("  ·  ", head);
        return $"""
            {(line.Length <= width ? line : string.Join('\n', head))}

              Discord   not in this version yet
              Telegram  not in this version yet
              Terminal  ready          →  you can try everything right here

            Try:  /subscribe {demo.Name}        a built-in feed that posts every {Schedules.Schedule.InWords(demo.Every)}
                  /subscribe https://…   any RSS, Atom or JSON feed, or a page that has one
                  /help

            """;
    }
}
