using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// An entry in full, of Discord's Components V2: a frame in the feed's colour around title, text and pictures in their order, and what it is at the end. Of a
/// hidden one the title and the end stand outside the frame, so that it is known what is hidden (https://docs.discord.com/developers/components/reference).
/// </summary>
internal sealed class DiscordArticle
{
    private const int MaxComponents = 40;
    private const int MaxText = 4000;
    private const int MaxGallery = 10;

    /// <summary>Of one picture, and of all: they are text, too, and less than the article's.</summary>
    private const int MaxCaption = 300;
    private const int MaxCaptions = 1000;

    /// <summary>Of the title and of the feed at the end: with a longer address they go without.</summary>
    private const int MaxTitle = 2000;
    private const int MaxFeed = 520;

    /// <summary>Of what comes before the article.</summary>
    private const int MaxBefore = 700;

    /// <summary>With more that is added there is no room for a row of links.</summary>
    private const int MostBesideLinks = 20;

    private readonly EntryCard _card;
    private readonly string _before;
    private readonly string _title;
    private readonly string _end;
    private readonly List<CardLink> _links;
    private readonly List<Part> _parts;

    private DiscordArticle(EntryCard card, IReadOnlyList<Block> before, int more)
    {
        _card = card;
        _before = DiscordExcerpt.Of(before, MaxBefore, DiscordMarkdown.Write);
        _title = "## " + DiscordLine.Linked(DiscordNames.Plain(card), card.Link, MaxTitle);
        _end = "-# " + End(card);
        _links = more > MostBesideLinks ? [] : DiscordButtons.Openable(card.Links);
        var room = MaxText - _before.Length - _title.Length - _end.Length - _links.Sum(link => DiscordButtons.Label(link.Label).Length);
        // Beside the parts: what comes before, the frame, the title, the line at the end with its rule, the row of links.
        _parts = Parts(room, MaxComponents - 5 - (_links.Count > 0 ? _links.Count + 1 : 0) - more);
    }

    /// <summary>Writes the components of the message.</summary>
    /// <param name="before">What is said before the entry.</param>
    /// <param name="more">How many components are added to it later.</param>
    public static Action<Utf8JsonWriter> Components(EntryCard card, IReadOnlyList<Block> before, int more) => new DiscordArticle(card, before, more).Write;

    /// <summary>Whose entry it is, and when it came; a name that is an address, its feed's or another's, leads nowhere.</summary>
    private static string End(EntryCard card)
    {
        var feed = DiscordNames.Feed(card);
        var isAddress = card.Site is { } site && (WebLink.Says(feed, site) || AddressText.Misleads(feed, site));
        return DiscordNames.Joined(DiscordLine.Linked(feed, isAddress ? null : card.Site, MaxFeed), DiscordMarkdown.Title(DiscordNames.Author(card)), DiscordNames.Ago(card.Published));
    }

    /// <summary>Text and pictures of the article, as much as there is room for.</summary>
    private List<Part> Parts(int room, int most)
    {
        IReadOnlyList<Block> body = _card.Image is { } image ? [new Block.Media(MediaKind.Image, image, Caption: null), .. _card.Body] : _card.Body;
        var parts = new List<Part>();
        var fits = Excerpt.Shrink(body, room, taken => (parts = Parts(taken, most)).Sum(part => part.Length) - room) is not null;
        return fits ? parts : [new Part.Words(DiscordMarkdown.Write(DiscordExcerpt.Cut(body, room)))];
    }

    private List<Part> Parts(IReadOnlyList<Block> blocks, int most)
    {
        var (parts, text, captions) = (new List<Part>(), new List<Block>(), MaxCaptions);
        foreach (var block in blocks)
        {
            // The title is a heading of the second level: those of the text stand below it.
            if (block is not Block.Media { Kind: MediaKind.Image })
                text.Add(block is Block.Heading { Level: < 3 } heading ? heading with { Level = 3 } : block);
            foreach (var picture in _card.HasNoImage ? [] : Pictures(block))
            {
                EndText();
                if (parts is not [.., Part.Gallery { Pictures.Count: < MaxGallery }])
                    parts.Add(new Part.Gallery([]));
                ((Part.Gallery)parts[^1]).Pictures.Add(picture.Caption.Length <= captions ? picture : picture with { Caption = "" });
                captions -= picture.Caption.Length;
            }
        }

        EndText();
        return parts.Count <= most ? parts : Joined(parts, most);

        void EndText()
        {
            if (text.Count > 0 && DiscordMarkdown.Write(text) is var words && !string.IsNullOrWhiteSpace(words))
                parts.Add(new Part.Words(words));
            text.Clear();
        }
    }

    /// <summary>So many parts: what would be more is one text, and below it one gallery of the first pictures.</summary>
    private static List<Part> Joined(List<Part> parts, int most)
    {
        var rest = parts.Skip(most - 2).ToList();
        var words = string.Join("\n\n", rest.OfType<Part.Words>().Select(part => part.Text));
        var pictures = rest.OfType<Part.Gallery>().SelectMany(part => part.Pictures).Take(MaxGallery).ToList();
        List<Part> joined = [.. parts.Take(most - 2)];
        if (words.Length > 0)
            joined.Add(new Part.Words(words));
        if (pictures.Count > 0)
            joined.Add(new Part.Gallery(pictures));
        return joined;
    }

    /// <summary>The pictures of a block, also those of what stands in it.</summary>
    private static IEnumerable<Picture> Pictures(Block block) => block switch
    {
        Block.Media { Kind: MediaKind.Image } media when WebLink.Address(media.Url) is { } address => [new Picture(address, CleanText.Cut(CleanText.Line(media.Caption), MaxCaption))],
        Block.Quote quote => quote.Blocks.SelectMany(Pictures),
        Block.Details details => details.Blocks.SelectMany(Pictures),
        Block.List list => list.Items.SelectMany(item => item.Blocks).SelectMany(Pictures),
        _ => [],
    };

    private void Write(Utf8JsonWriter json)
    {
        var isHidden = _card.IsSpoiler && _parts.Count > 0;
        if (_before.Length > 0)
            Words(json, _before);
        var hasTitle = !_card.IsUntitled || _parts.Count == 0;
        if (isHidden && hasTitle)
            Words(json, _title);
        json.WriteStartObject();
        json.WriteNumber("type", 17);
        json.WriteNumber("accent_color", DiscordNames.Colour(DiscordNames.Feed(_card)));
        if (isHidden)
            json.WriteBoolean("spoiler", true);
        json.WriteStartArray("components");
        if (!isHidden && hasTitle)
            Words(json, _title);
        foreach (var part in _parts)
            Write(json, part);
        if (!isHidden)
            WriteEnd(json, hasRule: _parts.Count > 0);
        json.WriteEndArray();
        json.WriteEndObject();
        if (isHidden)
            WriteEnd(json, hasRule: false);
    }

    private void WriteEnd(Utf8JsonWriter json, bool hasRule)
    {
        if (hasRule)
        {
            json.WriteStartObject();
            json.WriteNumber("type", 14);
            json.WriteEndObject();
        }

        if (_end.Length > 3)
            Words(json, _end);
        if (_links.Count > 0)
            DiscordButtons.WriteLinks(json, _links);
    }

    private static void Write(Utf8JsonWriter json, Part part)
    {
        if (part is Part.Words words)
        {
            Words(json, words.Text);
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("type", 12);
        json.WriteStartArray("items");
        foreach (var picture in ((Part.Gallery)part).Pictures)
        {
            json.WriteStartObject();
            json.WriteStartObject("media");
            json.WriteString("url", picture.Address);
            json.WriteEndObject();
            if (picture.Caption.Length > 0)
                json.WriteString("description", picture.Caption);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Words(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteNumber("type", 10);
        json.WriteString("content", text);
        json.WriteEndObject();
    }

    private sealed record Picture(string Address, string Caption);

    private abstract record Part
    {
        /// <summary>The characters that count.</summary>
        public abstract int Length { get; }

        public sealed record Words(string Text) : Part
        {
            public override int Length => Text.Length;
        }

        public sealed record Gallery(List<Picture> Pictures) : Part
        {
            public override int Length => Pictures.Sum(picture => picture.Caption.Length);
        }
    }
}
