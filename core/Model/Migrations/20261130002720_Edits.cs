using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notifier.Model.Migrations
{
    /// <inheritdoc />
    public partial class Edits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "DeletesWithdrawn",
                table: "Subscriptions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "DeleteDue",
                table: "Sendings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "EditDue",
                table: "Sendings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Edits",
                table: "Sendings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_Subscriptions_FeedId_DeletesWithdrawn",
                table: "Subscriptions",
                column: "FeedId",
                filter: "DeletesWithdrawn");

            migrationBuilder.CreateIndex(
                name: "IX_Sendings_DeleteDue",
                table: "Sendings",
                column: "DeleteDue",
                filter: "DeleteDue IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Sendings_EditDue",
                table: "Sendings",
                column: "EditDue",
                filter: "EditDue IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Sendings_LostAnswers",
                table: "Sendings",
                column: "LostAnswers",
                filter: "LostAnswers>0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Subscriptions_FeedId_DeletesWithdrawn",
                table: "Subscriptions");

            migrationBuilder.DropIndex(
                name: "IX_Sendings_DeleteDue",
                table: "Sendings");

            migrationBuilder.DropIndex(
                name: "IX_Sendings_EditDue",
                table: "Sendings");

            migrationBuilder.DropIndex(
                name: "IX_Sendings_LostAnswers",
                table: "Sendings");

            migrationBuilder.DropColumn(
                name: "DeletesWithdrawn",
                table: "Subscriptions");

            migrationBuilder.DropColumn(
                name: "DeleteDue",
                table: "Sendings");

            migrationBuilder.DropColumn(
                name: "EditDue",
                table: "Sendings");

            migrationBuilder.DropColumn(
                name: "Edits",
                table: "Sendings");
        }
    }
}
