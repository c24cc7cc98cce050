using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Notifier.Model.Migrations
{
    /// <inheritdoc />
    public partial class Platforms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "IncomingUpdates",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Platform = table.Column<string>(type: "TEXT", nullable: false),
                    UpdateId = table.Column<string>(type: "TEXT", nullable: false),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    HandledAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncomingUpdates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OfferedActions",
                columns: table => new
                {
                    Token = table.Column<string>(type: "TEXT", nullable: false),
                    Chat = table.Column<string>(type: "TEXT", nullable: false),
                    Person = table.Column<string>(type: "TEXT", nullable: false),
                    CommandLine = table.Column<string>(type: "TEXT", nullable: false),
                    Target = table.Column<string>(type: "TEXT", nullable: true),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OfferedActions", x => x.Token);
                });

            migrationBuilder.CreateTable(
                name: "Operators",
                columns: table => new
                {
                    Platform = table.Column<string>(type: "TEXT", nullable: false),
                    Person = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Operators", x => new { x.Platform, x.Person });
                });

            migrationBuilder.CreateTable(
                name: "PlatformFacts",
                columns: table => new
                {
                    Platform = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlatformFacts", x => new { x.Platform, x.Name });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Chats_Platform_Space",
                table: "Chats",
                columns: new[] { "Platform", "Space" },
                filter: "Space<>''");

            migrationBuilder.CreateIndex(
                name: "IX_IncomingUpdates_HandledAt",
                table: "IncomingUpdates",
                column: "HandledAt");

            migrationBuilder.CreateIndex(
                name: "IX_IncomingUpdates_Platform_UpdateId",
                table: "IncomingUpdates",
                columns: new[] { "Platform", "UpdateId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OfferedActions_Until",
                table: "OfferedActions",
                column: "Until");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "IncomingUpdates");

            migrationBuilder.DropTable(
                name: "OfferedActions");

            migrationBuilder.DropTable(
                name: "Operators");

            migrationBuilder.DropTable(
                name: "PlatformFacts");

            migrationBuilder.DropIndex(
                name: "IX_Chats_Platform_Space",
                table: "Chats");
        }
    }
}
