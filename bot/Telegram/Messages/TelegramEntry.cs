using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>Writes an entry into a text of Telegram's, in the style that its card names; in full, as far as a text goes.</summary>
internal sealed class TelegramEntry(TelegramText text, TelegramHtml html)
{
    public void Write(EntryCard card, IReadOnlyList<Block> body)
    {
        Separate(lines: 2);
        switch (card.Style)
        {
            case Style.Link when TelegramAddress.Of(card.Link) is { } address:
                Address(address, card.IsSpoiler);
                break;
            case Style.Compact or Style.Link:
                Line(card);
                break;
            case Style.Custom:
                Custom(card, body);
                break;
            default:
                Card(card, body);
                break;
        }
    }

    /// <summary>The same where Telegram took no markup: nothing can be hidden there, so what is to be hidden is left out.</summary>
    public void WritePlain(EntryCard card, IReadOnlyList<string> body)
    {
        Separate(lines: 2);
        text.Append(TelegramCard.Title(card));
        if (WebLink.Address(card.Link) is { } address)
        {
            text.NewLine();
            text.AsIs(address);
        }

        foreach (var part in new[] { card.IsSpoiler ? "" : string.Join('\n', body), TelegramCard.Names(card) }.Where(part => part.Length > 0))
        {
            Separate(lines: 2);
            text.Append(part);
        }
    }

    private void Separate(int lines)
    {
        for (var i = 0; i < lines && text.Visible > 0; i++)
            text.NewLine();
    }

    /// <summary>Telegram makes a link of it by itself, if it sees where it ends.</summary>
    private void Address(string address, bool isHidden)
    {
        if (isHidden)
            text.Element("<tg-spoiler>", "</tg-spoiler>", () => Address(address, isHidden: false));
        else if (AddressText.LengthAt(address) == address.Length)
            text.Append(address);
        else
            text.InLink(address, () => text.AsIs(address));
    }

    private void Line(EntryCard card)
    {
        var start = text.Visible;
        text.Append(TelegramCard.Feed(card));
        if (text.Visible > start)
            text.Sign(": ");
        html.Write(TelegramCard.Headline(card));
    }

    private void Custom(EntryCard card, IReadOnlyList<Block> body)
    {
        var start = text.Visible;
        Body(card, body);
        if (text.Visible == start)
            Line(card);
    }

    private void Card(EntryCard card, IReadOnlyList<Block> body)
    {
        var start = text.Visible;
        if (card.IsUntitled)
            Body(card, body);
        var hasBody = text.Visible > start;
        if (!hasBody)
        {
            text.InStyle(SpanStyle.Bold, "b", () => html.Write(TelegramCard.Headline(card)));
            var title = text.Mark();
            text.NewLine();
            start = text.Visible;
            if (!card.IsUntitled)
                Body(card, body);
            hasBody = text.Visible > start;
            if (!hasBody)
                text.Return(title);
        }

        var before = text.Mark();
        Separate(lines: hasBody ? 2 : 1);
        start = text.Visible;
        text.InStyle(SpanStyle.Italic, "i", () => text.Append(TelegramCard.Names(card)));
        if (TelegramCard.Time(card) is var (begin, end, said))
        {
            if (text.Visible > start)
                text.Append(" · ");
            text.Element(begin, end, () => text.AsIs(said));
        }

        if (text.Visible == start)
            text.Return(before);
        if (TelegramCard.Tags(card) is { Length: > 0 } tags)
        {
            text.NewLine();
            text.AsIs(tags);
        }
    }

    private void Body(EntryCard card, IReadOnlyList<Block> body)
    {
        if (card.IsSpoiler)
            html.WriteHidden(body);
        else
            html.Write(body);
    }
}
