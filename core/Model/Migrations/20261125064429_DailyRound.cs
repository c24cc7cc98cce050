using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notifier.Model.Migrations
{
    /// <inheritdoc />
    public partial class DailyRound : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FailureToldAt",
                table: "Feeds",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PausedSince",
                table: "Feeds",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NoticeActions",
                table: "Deliveries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "UndoneAt",
                table: "AuditLines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Chats_NotBefore",
                table: "Chats",
                column: "NotBefore",
                filter: "NotBefore IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Chats_NotBefore",
                table: "Chats");

            migrationBuilder.DropColumn(
                name: "FailureToldAt",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "PausedSince",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "NoticeActions",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "UndoneAt",
                table: "AuditLines");
        }
    }
}
