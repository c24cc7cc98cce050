using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Notifier.Model;
using Notifier.Model.Migrations;

namespace Notifier.Tests.Model;

/// <summary>The migrations of a make-believe next version: today's, and one more. To it, today's database is an older one.</summary>
[DbContext(typeof(NotifierDb))]
[Migration(Name)]
internal sealed class NextVersion : Migration
{
    public const string Name = "29990101000000_Next";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE TABLE Next (Id INTEGER)");
}

[DbContext(typeof(NotifierDb))]
[Migration("20261124221001_Initial")]
internal sealed class TodaysVersion : Initial;

[DbContext(typeof(NotifierDb))]
[Migration("20261125035349_Platforms")]
internal sealed class TodaysPlatforms : Platforms;

[DbContext(typeof(NotifierDb))]
[Migration("20261125064429_DailyRound")]
internal sealed class TodaysDailyRound : DailyRound;

[DbContext(typeof(NotifierDb))]
[Migration("20261125093943_FeedEngine")]
internal sealed class TodaysFeedEngine : FeedEngine;

[DbContext(typeof(NotifierDb))]
[Migration("20261130002720_Edits")]
internal sealed class TodaysEdits : Edits;

[DbContext(typeof(NotifierDb))]
[Migration("20261130162647_Looks")]
internal sealed class TodaysLooks : Looks;

[DbContext(typeof(NotifierDb))]
internal sealed class NextSnapshot : NotifierDbModelSnapshot;
