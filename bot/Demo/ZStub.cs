#pragma warning disable
namespace Notifier.Bot.Demo;
internal static class ZStub
{
    public static IServiceCollection AddDemo(this IServiceCollection s, TimeSpan? i) => s.AddSingleton(p => new Notifier.Subscriptions.NamedFeed("demo", () => new Uri(p.GetRequiredService<Notifier.Bot.Web.OwnAddress>().Root, "/demo/feed.xml"), i ?? TimeSpan.FromSeconds(20)));
    public static void MapDemoFeed(this WebApplication a) { }
}
internal sealed class ParseStub;
