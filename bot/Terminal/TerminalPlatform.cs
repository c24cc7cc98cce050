using System.Globalization;
using System.Text;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Terminal;

/// <summary>
/// The Terminal as a platform: one chat, whose person is its admin and the operator. Commands are typed, buttons are numbers, messages are
/// boxes of text. The same pipeline as everywhere else, so that a newcomer sees the real thing.
/// </summary>
internal sealed class TerminalPlatform(
    TerminalScreen screen,
    TerminalWriter writer,
    CommandRunner commands,
    FirstScreen firstScreen,
    Catalogue texts,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : IChatPlatform
{
    public static readonly ChatAddress Local = new("terminal", "local");

    private IReadOnlyList<MessageAction> _choices = [];

    public string Name => Local.Platform;

    public string Title => "Terminal";

    public TimeSpan SendTimeout => TimeSpan.FromSeconds(5);

    public PlatformState State { get; } = new PlatformState.Ready("");

    public IReadOnlyList<string> SetupSteps => [];

    public Task UsableAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Answers what is typed. The end of the input ends the service only where somebody typed it (Ctrl-D).</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        screen.Print(firstScreen.Text(screen.Width));
        var run = time.GetUtcNow().UtcTicks;
        for (var n = 1; await screen.ReadLineAsync(ct) is { } line; n++)
        {
            using var spoken = commands.SpeakIn(Local);
            var update = string.Create(CultureInfo.InvariantCulture, $"{run}-{n}");
            var reply = Chosen(line.Trim()) is { } meant ? await AskAsync(update, meant, ct) : Message.Of(texts.Say("choice.none"));
            if (reply?.AsksSecretFor is { } asking)
            {
                Show(reply);
                reply = await screen.ReadSecretAsync(ct) is { } secret && secret.Trim().Length > 0 ? await AskAsync(update + "-secret", $"{asking} {secret.Trim()}", ct) : Message.Of(texts.Say("secret.none"));
            }

            if (reply is not null)
                Show(reply);
        }

        if (screen.IsInteractive)
            lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
    }

    public byte[]? Render(Message message, int fallback)
    {
        var shown = fallback switch
        {
            0 => message,
            1 => message with { Actions = [], Card = message.Card is { } card ? card with { Image = null, Tags = [] } : null },
            _ => message with { Actions = [], Card = message.Card is { } card ? new EntryCard { Feed = card.Feed, Title = card.Title, Link = card.Link } : null },
        };
        return Encoding.UTF8.GetBytes(writer.Write(shown, screen.Width));
    }

    public Admission Admit(ChatAddress chat) => new Admission.Granted(SendPermit.Unlimited);

    /// <summary>What is printed stays as it is.</summary>
    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) =>
        Task.FromResult<SendResult>(new SendResult.Rejected("What is printed in a terminal cannot be changed."));

    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) =>
        Task.FromResult<SendResult>(new SendResult.Rejected("What is printed in a terminal cannot be deleted."));

    public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) =>
        Task.FromResult<FindResult>(new FindResult.Untold("A terminal does not tell what it has shown."));

    public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) =>
        Task.FromResult<SendResult>(
            chat != Local ? new SendResult.ChatGone("There is no such Terminal.")
            : screen.Print(Encoding.UTF8.GetString(body.Span)) ? new SendResult.Sent(nonce)
            : new SendResult.NotSent("The terminal takes no output (a closed pipe, or a full disk)."));

    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) =>
        Task.FromResult<Rights?>(chat == Local && person == Local.Id ? Rights.Operator : Rights.None);

    public ChatAddress? PrivateChat(string person) => person == Local.Id ? Local : null;

    public Task<SetupResult> SetUpAsync(string token, CancellationToken ct) => Task.FromResult<SetupResult>(new SetupResult.Refused("There is nothing to set up."));

    private Task<Message?> AskAsync(string update, string line, CancellationToken ct) =>
        commands.RunAsync(new IncomingCommand(update, Local, new Person(Local.Id, Environment.UserName), line, IsPrivate: true) { IsLocal = true }, this, ct);

    private void Show(Message reply)
    {
        _choices = reply.Actions;
        screen.Print(writer.Write(reply, screen.Width));
    }

    /// <summary>A number stands for one of the choices that the last reply offered; null when it offered no such.</summary>
    private string? Chosen(string line)
    {
        if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return line;
        return number >= 1 && number <= _choices.Count ? _choices[number - 1].CommandLine : null;
    }
}
