using System.Net.Http.Headers;
using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>A message with a file, in the form of Telegram's sendDocument: the text is the caption.</summary>
internal static class TelegramDocument
{
    /// <summary>Of the 1024 characters that Telegram takes, as signs that keep a text from being a command or a link at most double it.</summary>
    private const int LongestCaption = 512;

    /// <summary>The messages that a reply with a file takes: a text that is too long for a caption goes ahead of the file.</summary>
    public static IReadOnlyList<Message> Split(Message message) =>
        message.File is null || (message.Card is null && Spans.Text(message.Text).Length <= LongestCaption)
            ? [message]
            : [message with { File = null, Actions = [] }, new Message { File = message.File, Actions = message.Actions }];

    /// <param name="message">The body of sendMessage.</param>
    /// <param name="hasCaption">Its text is what the message says.</param>
    public static MultipartFormDataContent Form(ReadOnlyMemory<byte> message, MessageFile file, bool hasCaption)
    {
        var form = new MultipartFormDataContent();
        using var json = JsonDocument.Parse(message);
        foreach (var field in json.RootElement.EnumerateObject())
        {
            var value = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
            switch (field.Name)
            {
                case "link_preview_options":
                case "text" or "parse_mode" when !hasCaption:
                    break;
                case "text":
                    Add("caption", new StringContent(value));
                    break;
                default:
                    Add(field.Name, new StringContent(value));
                    break;
            }
        }

        var upload = new ReadOnlyMemoryContent(file.Content);
        upload.Headers.ContentType = new MediaTypeHeaderValue(file.MediaType);
        Add("document", upload, $"\"{file.Name}\"");
        return form;

        void Add(string name, HttpContent part, string? fileName = null)
        {
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"", FileName = fileName };
            form.Add(part);
        }
    }
}
