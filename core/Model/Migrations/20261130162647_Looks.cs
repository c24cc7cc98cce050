using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notifier.Model.Migrations
{
    /// <inheritdoc />
    public partial class Looks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Look",
                table: "Sendings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "FullText",
                table: "Feeds",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Icon",
                table: "Feeds",
                type: "TEXT",
                nullable: true);

            // What was sent before was a card, and stays one when it is changed.
            migrationBuilder.Sql("UPDATE Sendings SET Look='card'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Look",
                table: "Sendings");

            migrationBuilder.DropColumn(
                name: "FullText",
                table: "Feeds");

            migrationBuilder.DropColumn(
                name: "Icon",
                table: "Feeds");
        }
    }
}
