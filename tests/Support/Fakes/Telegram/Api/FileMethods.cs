using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The files that people send: where their bytes lie, and the bytes.</summary>
internal sealed class FileMethods(FakeTelegram world)
{
    /// <summary>What a bot may download.</summary>
    private const int Largest = 20 * 1024 * 1024;

    public JsonNode Get(ApiCall call)
    {
        var file = All().FirstOrDefault(file => file.Id == call.Text("file_id")) ?? throw Refusal.Bad("invalid file_id");
        if (file.Content.Length > Largest)
            throw Refusal.Bad("file is too big");
        var json = file.ToJson();
        json.Remove("file_name");
        json.Remove("mime_type");
        json["file_path"] = file.Path;
        return json;
    }

    /// <summary>The file of that path; null for none.</summary>
    public FakeTelegramFile? At(string path) => All().FirstOrDefault(file => file.Path == path && !file.IsGone);

    private IEnumerable<FakeTelegramFile> All() => world.Chats.SelectMany(chat => chat.History).Select(message => message.File).OfType<FakeTelegramFile>();
}
