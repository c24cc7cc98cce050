using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>Discord's "no" to a request: status, code, words and, for a wrong body, what is wrong where.</summary>
internal sealed class RefusalException(int status, int code, string message, IReadOnlyList<FormError>? errors = null) : Exception(message)
{
    public int Status => status;

    public int Code => code;

    public IReadOnlyList<FormError> Errors => errors ?? [];

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["message"] = Message, ["code"] = code };
        if (errors is null)
            return json;
        var root = new JsonObject();
        foreach (var place in errors.GroupBy(error => error.Path))
        {
            var node = root;
            foreach (var step in place.Key.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                node[step] ??= new JsonObject();
                node = node[step]!.AsObject();
            }

            node["_errors"] = new JsonArray([.. place.Select(error => new JsonObject { ["code"] = error.Code, ["message"] = error.Message })]);
        }

        json["errors"] = root;
        return json;
    }
}

/// <summary>One mistake in a body; the path's steps are parted by dots: <c>embeds.0.title</c>.</summary>
internal sealed record FormError(string Path, string Code, string Message);

/// <summary>The refusals that come up again and again.</summary>
internal static class Refusals
{
    public static RefusalException Form(params IReadOnlyList<FormError> errors) => new(400, 50035, "Invalid Form Body", errors);

    public static RefusalException UnknownChannel() => new(404, 10003, "Unknown Channel");

    public static RefusalException UnknownMessage() => new(404, 10008, "Unknown Message");

    public static RefusalException MissingAccess() => new(403, 50001, "Missing Access");

    public static RefusalException MissingPermissions() => new(403, 50013, "Missing Permissions");

    public static RefusalException EmptyMessage() => new(400, 50006, "Cannot send an empty message");
}
