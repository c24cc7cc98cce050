using Microsoft.AspNetCore.Components;

namespace Notifier.Bot.Web.Pages;

/// <summary>The feeds, those with trouble first, a page at a time.</summary>
public sealed partial class FeedTable
{
    [Parameter, EditorRequired]
    public FeedPage Feeds { get; set; } = null!;

    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    private int More => Feeds.Total - ((Feeds.Number - 1) * OverviewReader.FeedsPerPage) - Feeds.Rows.Count;

    private static string Mood(FeedStanding standing) => standing switch
    {
        FeedStanding.Failing or FeedStanding.Gone => "wrong",
        FeedStanding.Paused or FeedStanding.New => "waiting",
        _ => "fine",
    };
}
