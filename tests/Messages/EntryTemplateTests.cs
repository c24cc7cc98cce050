using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Notifier.Messages;
using Notifier.Messages.Templates;
using Notifier.Texts;

namespace Notifier.Tests.Messages;

/// <summary>A template fills in values and nothing else, whatever stands in it and in the entry.</summary>
public sealed class EntryTemplateTests
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly EntryContent Entry = new()
    {
        Feed = "Harbour & Sea",
        Site = "https://e.org/",
        Title = "Ferry <back> in service",
        Link = "https://e.org/ferry?utm_source=feed&x=1",
        Summary = "<p>From <b>noon</b> it sails again.</p>",
        Author = "Ann",
        Published = new(2026, 11, 30, 11, 30, 0, TimeSpan.Zero),
        Categories = ["Local news", "Harbour"],
    };

    private static readonly string[] Marks = ["{{ title }}", "{{ include 'x' }}", "{%", "{{", "}}", "{{{ x }}}", "{{ while true }}{{ end }}"];

    [Theory]
    [InlineData("no value at all", "no value at all")]
    [InlineData("<b>{{ title }}</b>", "<b>Ferry &lt;back&gt; in service</b>")]
    [InlineData("<a href=\"{{ link }}\">{{feed}}</a>", "<a href=\"https://e.org/ferry?x=1\">Harbour &amp; Sea</a>")]
    [InlineData("{{ content }}", "<p>From <b>noon</b> it sails again.</p>")]
    [InlineData("{{ title | string.upcase }}", "FERRY &lt;BACK&gt; IN SERVICE")]
    [InlineData("{{ for tag in tags }}#{{ tag }} {{ end }}", "#Local_news #Harbour ")]
    [InlineData("{{ tags | array.join \", \" }}", "Local_news, Harbour")]
    [InlineData("{{ published | date.to_string '%d.%m.%Y %H:%M' }}", "30.11.2026 12:30")]
    [InlineData("{{ ago }}", "30 minutes ago")]
    [InlineData("{{ if image }}with{{ else }}without{{ end }}", "without")]
    [InlineData("{{ x = title | string.size }}{{ x }}", "23")]
    [InlineData("{{ func twice(t) }}{{ ret t + t }}{{ end }}{{ twice 'ab' }}", "abab")]
    [InlineData("{{ capture said }}{{ author }}{{ end }}by {{ said }}", "by Ann")]
    [InlineData("{{ '<i>' }}", "&lt;i&gt;")]
    [InlineData("{{ text }}", "From noon it sails again.")]
    [InlineData("{{ $x = published | date.to_string '%Y' }}{{ $x }}", "2026")]
    [InlineData("{{ func twice; ret $0 + $0; end }}{{ twice 'ab' }}", "abab")]
    [InlineData("{{ if also_in }}A{{ end }}{{ if content }}C{{ end }}{{ if tags }}T{{ end }}{{ if audio }}L{{ end }}{{ if author }}W{{ end }}", "CTW")]
    [InlineData("{{ also_in.size }}", "0")]
    [InlineData("F06 {0} {title.GetType} %n ${HOME} $title", "F06 {0} {title.GetType} %n ${HOME} $title")]
    public void Values_are_filled_in_and_escaped(string template, string expected) => Assert.Equal(expected, Made(template, Entry));

    [Theory]
    [InlineData("{{", "line 1, column 1: “{{” is never closed by “}}”")]
    [InlineData("a\nb {{ title", "line 2, column 3: “{{” is never closed")]
    [InlineData("{{ if title }}", "line 1, column")]
    [InlineData("a\n  {{ titel }}", "line 2, column 6: there is no “titel”; the names are title, link,")]
    [InlineData("{{ if image }}{{ secret }}{{ end }}", "there is no “secret”")]
    [InlineData("{{ include 'x' }}", "there is no “include”")]
    [InlineData("{{ import math }}", "there is no “import”")]
    [InlineData("{{ if image }}{{ $x }}{{ end }}", "there is no “$x”")]
    [InlineData("{{ this.title }}", "there is no “this”")]
    [InlineData("{{ if image }}{{ author | string.shout }}{{ end }}", "“string” has no “shout”")]
    [InlineData("{{ if image }}{{ title.foo }}{{ end }}", "“title” has no “foo”")]
    [InlineData("{{ published.year }}", "“published” has no “year”")]
    [InlineData("{{ date.utc_now }}", "“date” has no “utc_now”")]
    [InlineData("{{ object.eval '1' }}", "there is no “object”")]
    [InlineData("{{ regex.match title '(a+)+$' }}", "there is no “regex”")]
    [InlineData("{{ timespan.from_days 5 }}", "there is no “timespan”")]
    public void What_is_not_known_is_refused_before_it_is_kept(string template, string reason)
    {
        Assert.Null(EntryTemplate.Read(template, out var said));
        Assert.Contains(reason, Texts.Say(said!), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_entry_does_not_have_is_not_there() =>
        Assert.Equal("-", Made("{{ if content }}C{{ end }}{{ if summary }}S{{ end }}{{ if excerpt }}E{{ end }}{{ if tags }}T{{ end }}{{ if also_in }}A{{ end }}{{ if published }}P{{ end }}-", new EntryContent { Feed = "f" }));

    /// <summary>A later Scriban may bring more: each is to be looked at before it is let in.</summary>
    [Fact]
    public void The_functions_are_those_that_were_looked_at() =>
        Assert.Equal(95, EntryTemplate.FunctionNames.Count());

    [Fact]
    public void A_template_is_at_most_4000_characters()
    {
        Assert.NotNull(EntryTemplate.Read(new string('x', EntryTemplate.Longest), out _));
        Assert.Null(EntryTemplate.Read(new string('x', EntryTemplate.Longest + 1), out var reason));
        Assert.Contains("4000", Texts.Say(reason!), StringComparison.Ordinal);
    }

    /// <summary>F06: each ends, with a reason, within a small multiple of what a message holds.</summary>
    [Theory]
    [InlineData("{{ title.GetType }}")]
    [InlineData("{{ title.size.foo }}")]
    [InlineData("{{ date.now }}")]
    [InlineData("{{ math.random 1 9 }}")]
    [InlineData("{{ math.uuid }}")]
    [InlineData("{{ html.strip title }}")]
    [InlineData("{{ for i in 1..1000000000 }}x{{ end }}")]
    [InlineData("{{ while true }}{{ end }}")]
    [InlineData("{{ for a in 1..1000 }}{{ for b in 1..1000 }}{{ for c in 1..1000 }}x{{ end }}{{ end }}{{ end }}")]
    [InlineData("{{ func f }}{{ f }}{{ end }}{{ f }}")]
    [InlineData("{{ string.pad_left 'x' 2000000000 }}")]
    [InlineData("{{ 'x' | string.pad_right 2000000000 | string.size }}")]
    [InlineData("{{ 'x' * 2000000000 }}")]
    [InlineData("{{ 9 ^ 99 }}{{ y = 999999999999 }}{{ for i in 1..40 }}{{ y = y * y }}{{ end }}{{ y }}")]
    [InlineData("{{ 1 << 2000000000 }}")]
    [InlineData("{{ x = [1] }}{{ for i in 1..60 }}{{ x = array.concat x x }}{{ end }}{{ x.size }}")]
    [InlineData("{{ x = [] }}{{ x[500000000] = 1 }}{{ x.size }}")]
    [InlineData("{{ x = [] }}{{ x = array.add x x }}{{ x }}{{ x[0] = x }}{{ x }}")]
    [InlineData("{{ x = {} }}{{ x.y = x }}{{ x }}")]
    [InlineData("{{ 1..100000000 | array.join ',' }}")]
    [InlineData("{{ (1..100000000) | array.size }}{{ array.reverse (1..100000000) }}")]
    [InlineData("{{ title | string.replace '' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}{{ 1 / 0 }}")]
    [InlineData("{{ published | date.to_string (string.pad_left '%Y' 100000000) }}")]
    [InlineData("{{ published | date.add_years 999999 }}")]
    [InlineData("{{ math.format 1 'D999999999' }}")]
    [InlineData("{{ 1 | math.format 'N999999999' }}")]
    [InlineData("{{ readonly title }}{{ title = 'x' }}")]
    public void A_hostile_template_ends_with_a_reason(string template)
    {
        var read = EntryTemplate.Read(template, out var reason);
        if (read is null)
        {
            Assert.NotEqual("", Texts.Say(reason!));
            return;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = read.Fill(Subject(Entry), TimeProvider.System);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
        Assert.NotEqual("", Texts.Say(Assert.IsType<TemplateResult.Failed>(result).Reason));
    }

    [Fact]
    public void F06_An_endless_output_is_cut()
    {
        var made = Made("{{ for i in 1..2000 }}{{ content }}{{ content }}{{ content }}{{ content }}{{ end }}", Entry with { Content = "<p>" + new string('x', 10_000) });
        Assert.InRange(made.Length, 250_000, 263_000);
        Assert.InRange(Made("{{ x = 'aaaaaaaaaaaaaaaa' }}{{ for i in 1..40 }}{{ x = x + x }}{{ end }}{{ x }}", Entry).Length, 60_000, 70_000);
    }

    /// <summary>F07.</summary>
    [Fact]
    public void A_value_is_never_read_as_a_template() => Gen.OneOf(Gen.String, Gen.Int[0, Marks.Length - 1].Select(i => Marks[i])).Array[1, 4].Sample(parts =>
    {
        var said = CleanText.Line(string.Concat(parts));
        var made = Made("<p>{{ title }}</p>", Entry with { Title = string.Concat(parts) });
        Assert.StartsWith("<p>", made, StringComparison.Ordinal);
        Assert.Equal(-1, made[3..^4].AsSpan().IndexOfAny('<', '>', '"'));
        if (said.Length is > 0 and < 200)
            Assert.Equal(said, System.Net.WebUtility.HtmlDecode(made[3..^4]));
    });

    [Fact]
    public void A_template_cannot_change_what_another_filling_sees()
    {
        var spoils = EntryTemplate.Read("{{ string.upcase = 'x' }}{{ array.join = 1 }}", out _);
        if (spoils is not null)
            spoils.Fill(Subject(Entry), new FakeTimeProvider());
        Assert.Equal("ANN", Made("{{ author | string.upcase }}", Entry));
    }

    private static string Made(string template, EntryContent entry)
    {
        var read = EntryTemplate.Read(template, out var reason);
        Assert.True(read is not null, reason is null ? "" : Texts.Say(reason));
        return read.Fill(Subject(entry), new FakeTimeProvider()) switch
        {
            TemplateResult.Made made => made.Html,
            TemplateResult.Failed failed => throw new InvalidOperationException(Texts.Say(failed.Reason)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static TemplateSubject Subject(EntryContent entry) =>
        new(entry, new EntryFormatter(Texts).Card(entry), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Now, Texts);
}
