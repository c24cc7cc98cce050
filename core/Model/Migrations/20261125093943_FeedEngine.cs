using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notifier.Model.Migrations
{
    /// <inheritdoc />
    public partial class FeedEngine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Stories");

            migrationBuilder.AddColumn<bool>(
                name: "AcceptsInsecure",
                table: "Feeds",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "NewestEntry",
                table: "Feeds",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "SkipDays",
                table: "Feeds",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "SkipHours",
                table: "Feeds",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "AskedFor",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // Without a rowid: it is written for each new entry, and found by its key alone. EF has no word for that.
            migrationBuilder.Sql(
                """
                CREATE TABLE "StoryPrints" (
                    "Print" INTEGER NOT NULL,
                    "EntryId" INTEGER NOT NULL,
                    "FirstSeen" INTEGER NOT NULL,
                    CONSTRAINT "PK_StoryPrints" PRIMARY KEY ("Print", "EntryId")
                ) WITHOUT ROWID;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_StoryPrints_FirstSeen",
                table: "StoryPrints",
                column: "FirstSeen");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "StoryPrints");

            migrationBuilder.DropColumn(
                name: "AcceptsInsecure",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "NewestEntry",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "SkipDays",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "SkipHours",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "AskedFor",
                table: "Deliveries");

            migrationBuilder.CreateTable(
                name: "Stories",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FirstSeen = table.Column<long>(type: "INTEGER", nullable: false),
                    LinkPrint = table.Column<long>(type: "INTEGER", nullable: false),
                    TextPrint = table.Column<long>(type: "INTEGER", nullable: false),
                    TitlePrint = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Stories", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Stories_FirstSeen",
                table: "Stories",
                column: "FirstSeen");

            migrationBuilder.CreateIndex(
                name: "IX_Stories_LinkPrint",
                table: "Stories",
                column: "LinkPrint");

            migrationBuilder.CreateIndex(
                name: "IX_Stories_TextPrint",
                table: "Stories",
                column: "TextPrint");

            migrationBuilder.CreateIndex(
                name: "IX_Stories_TitlePrint",
                table: "Stories",
                column: "TitlePrint");
        }
    }
}
