using Microsoft.AspNetCore.Components;
using Notifier.Model;

namespace Notifier.Bot.Web.Pages;

/// <summary>What the person who runs Notifier sees: how everything is, on one page without a script.</summary>
public sealed partial class FirstPage
{
    [Parameter, EditorRequired]
    public Overview Overview { get; set; } = null!;

    private DateTimeOffset Now => Overview.Now;

    private Counts Counts => Overview.Counts;

    private string FailedOf => Counts.EndedLooked == OverviewReader.MostEnded ? $"of the last {PageWords.Number(OverviewReader.MostEnded)}" : "in 30 days";

    private int Feeds(FeedStanding standing) => Counts.Feeds.GetValueOrDefault(standing);

    private int Owed(DeliveryState state) => Counts.Unfinished.GetValueOrDefault(state);

    private static string Mood(PlatformMood mood) => mood switch
    {
        PlatformMood.Fine => "fine",
        PlatformMood.Waiting => "waiting",
        _ => "wrong",
    };
}
