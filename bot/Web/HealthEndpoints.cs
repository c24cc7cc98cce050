namespace Notifier.Bot.Web;

/// <summary>What containers and watchdogs ask: does the process answer, and does it do its work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/health/live", () => Results.Text("ok"));
        routes.MapRead("/health/ready", async (Readiness readiness, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var report = await readiness.LookAsync(http.RequestAborted);
            return Results.Json(report, statusCode: report.Status == "failed" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
    }
}
