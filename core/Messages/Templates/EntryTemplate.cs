using System.Globalization;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;
using Notifier.Texts;

namespace Notifier.Messages.Templates;

/// <summary>
/// A subscription's own form for its entries: text and HTML with <c>{{ title }}</c> where a value goes, in Scriban's language. Names are a fixed list
/// (<see cref="TemplateVariable.All"/>), values are escaped when they are written and never read for placeholders again, and time, loops and output are
/// bounded, whoever wrote it. What it makes is read like a feed's HTML, so that one template serves every platform.
/// </summary>
/// <remarks>For any number of threads.</remarks>
public sealed class EntryTemplate
{
    /// <summary>Characters of a template's text.</summary>
    public const int Longest = 4000;

    /// <summary>What is longer is cut: no message holds as much.</summary>
    private const int LongestOutput = 256 * 1024;

    private const int LongestText = 64 * 1024;
    private const int MostSteps = 2000;
    private const int Deepest = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Of Scriban's own functions: nothing that reads other templates, compiles, looks at the clock, or differs each time.</summary>
    private static readonly IReadOnlyList<(string Object, string[] Without)> Functions =
    [
        ("array", []),
        ("date", ["now", "utc_now"]),
        ("html", ["strip"]),
        ("math", ["random", "uuid"]),
        ("string", []),
    ];

    private readonly Template _parsed;

    private EntryTemplate(Template parsed) => _parsed = parsed;

    /// <summary>The template of a text; null with the reason where it is none: its language, a name that is not known, too long.</summary>
    public static EntryTemplate? Read(string text, out Phrase? reason)
    {
        reason = null;
        if (text.Length > Longest)
        {
            reason = Phrase.Of("template.toolong", ("limit", Longest), ("length", text.Length));
            return null;
        }

        // Scriban takes the rest of the text for code then.
        var (opened, closed) = (text.LastIndexOf("{{", StringComparison.Ordinal), text.LastIndexOf("}}", StringComparison.Ordinal));
        if (opened > closed)
        {
            var line = text.AsSpan(0, opened).LastIndexOf('\n');
            reason = At(text.AsSpan(0, opened).Count('\n'), opened - line - 1, Phrase.Of("template.unclosed", ("open", "{{"), ("close", "}}")));
            return null;
        }

        var parsed = Template.Parse(text, lexerOptions: new LexerOptions { Lang = ScriptLang.Default, Mode = ScriptMode.Default });
        if (parsed.HasErrors)
        {
            var first = parsed.Messages.First(message => message.Type == ParserMessageType.Error);
            reason = At(first.Span, first.Message);
            return null;
        }

        var names = new Names();
        names.Visit(parsed.Page);
        reason = names.Unknown;
        return reason is null ? new EntryTemplate(parsed) : null;
    }

    /// <summary>Fills it. Never throws for what the template or the entry says.</summary>
    internal TemplateResult Fill(TemplateSubject subject, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var context = new EscapingContext(subject, patience.Token);
        try
        {
            return new TemplateResult.Made(_parsed.Render(context));
        }
        catch (ScriptAbortException)
        {
            return new TemplateResult.Failed(Phrase.Of("template.slow"));
        }
        catch (ScriptRuntimeException fault)
        {
            return new TemplateResult.Failed(At(fault.Span, fault.OriginalMessage));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException or InvalidCastException or OutOfMemoryException)
        {
            // Scriban's own functions throw these for arguments that they were not made for.
            return new TemplateResult.Failed(fault.Message);
        }
    }

    /// <summary>All functions that a template can use, as <c>object.function</c>.</summary>
    internal static IEnumerable<string> FunctionNames
    {
        get
        {
            var builtins = Builtins();
            return FunctionObjects.SelectMany(of => ((ScriptObject)builtins[of]!).Keys.Select(name => $"{of}.{name}"));
        }
    }

    /// <summary>The objects whose functions a template can use.</summary>
    internal static IEnumerable<string> FunctionObjects => Functions.Select(of => of.Object);

    /// <summary>What Scriban says, it says in English.</summary>
    private static Phrase At(SourceSpan span, string message) => At(span, new Phrase(CleanText.Line(message)));

    private static Phrase At(SourceSpan span, Phrase what) => At(span.Start.Line, span.Start.Column, what);

    /// <param name="line">From 0, as the column.</param>
    private static Phrase At(int line, int column, Phrase what) => Phrase.Of("template.at", ("line", line + 1), ("column", column + 1), ("what", what));

    /// <summary>What a template may use of Scriban; a copy of its own for each filling, since a template could write into it.</summary>
    private static ScriptObject Builtins()
    {
        var all = TemplateContext.GetDefaultBuiltinObject();
        var allowed = new ScriptObject();
        foreach (var (name, without) in Functions)
        {
            var functions = (ScriptObject)((ScriptObject)all[name]!).Clone(deep: false);
            foreach (var unwanted in without)
                functions.Remove(unwanted);
            allowed.SetValue(name, functions, readOnly: true);
        }

        allowed.SetValue("empty", Scriban.Runtime.EmptyScriptObject.Default, readOnly: true);
        return allowed;
    }

    /// <summary>Writes each value escaped, but for our own HTML.</summary>
    private sealed class EscapingContext : TemplateContext
    {
        public EscapingContext(TemplateSubject subject, CancellationToken patience)
            : base(Builtins())
        {
            CancellationToken = patience;
            LoopLimit = MostSteps;
            RecursiveLimit = Deepest;
            ObjectRecursionLimit = Deepest;
            LimitToString = LongestText;
            OutputLimit = LongestOutput;
            StrictVariables = true;
            EnableRelaxedMemberAccess = false;
            MemberFilter = _ => false;
            RegexTimeOut = Patience;
            var values = new ScriptObject();
            foreach (var variable in TemplateVariable.All)
                values.SetValue(variable.Name, Value(variable.Of(subject)), readOnly: true);
            PushGlobal(values);
            PushCulture(subject.Texts.Culture);
        }

        /// <summary>What an entry does not have is not there, be it a text, a list or HTML.</summary>
        public override bool ToBool(SourceSpan span, object? value) => value switch
        {
            string text => text.Length > 0,
            SafeHtml html => !string.IsNullOrWhiteSpace(html.Html),
            System.Collections.ICollection list => list.Count > 0,
            _ => base.ToBool(span, value),
        };

        public override TemplateContext Write(SourceSpan span, object? textAsObject)
        {
            switch (textAsObject)
            {
                case null: break;
                case SafeHtml html: Write(html.Html); break;
                default: Write(SafeHtml.Escaped(ObjectToString(textAsObject) ?? "")); break;
            }

            return this;
        }

        private static object? Value(object? value) => value is IReadOnlyList<string> list ? new ScriptArray(list) : value;
    }

    /// <summary>Finds the first name that is neither a variable, nor a function, nor given a value by the template itself.</summary>
    private sealed class Names : ScriptVisitor
    {
        private readonly HashSet<string> _known = [.. TemplateVariable.All.Select(variable => variable.Name), .. FunctionObjects, "empty", "for", "while"];

        private readonly ScriptObject _functions = Builtins();

        private static string Known => string.Join(", ", TemplateVariable.All.Select(variable => variable.Name));

        public Phrase? Unknown { get; private set; }

        public override void Visit(ScriptAssignExpression node)
        {
            node.Value?.Accept(this);
            if (node.Target is ScriptVariable)
                Know(node.Target);
            else
                node.Target?.Accept(this);
        }

        public override void Visit(ScriptForStatement node)
        {
            Know(node.Variable);
            base.Visit(node);
        }

        public override void Visit(ScriptCaptureStatement node)
        {
            Know(node.Target);
            node.Body?.Accept(this);
        }

        public override void Visit(ScriptFunction node)
        {
            Know(node.NameOrDoToken as ScriptExpression);
            foreach (var parameter in node.Parameters ?? [])
                _known.Add(parameter.Name!.Name);
            node.Body?.Accept(this);
        }

        /// <summary>Would make names of what a value holds.</summary>
        public override void Visit(ScriptImportStatement node) => Unknown ??= At(node.Span, Phrase.Of("template.noname", ("name", "import"), ("names", Known)));

        public override void Visit(ScriptNamedArgument node) => node.Value?.Accept(this);

        public override void Visit(ScriptObjectMember node) => node.Value?.Accept(this);

        public override void Visit(ScriptVariableGlobal node)
        {
            if (!_known.Contains(node.Name))
                Unknown ??= At(node.Span, Phrase.Of("template.noname", ("name", node.Name), ("names", Known)));
        }

        /// <summary>What a function or the template itself gives a value; those of its own functions are numbered.</summary>
        public override void Visit(ScriptVariableLocal node)
        {
            if (!_known.Contains(node.Name) && node.Name.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
                Unknown ??= At(node.Span, Phrase.Of("template.noname", ("name", node.Name), ("names", Known)));
        }

        /// <summary>Would reach names without naming them.</summary>
        public override void Visit(ScriptThisExpression node) => Unknown ??= At(node.Span, Phrase.Of("template.noname", ("name", "this"), ("names", Known)));

        public override void Visit(ScriptMemberExpression node)
        {
            node.Target?.Accept(this);
            if (node is not { Target: ScriptVariableGlobal { Name: var of }, Member.Name: var member })
                return;
            var isThere = FunctionObjects.Contains(of) ? _functions[of] is ScriptObject functions && functions.Contains(member)
                : Of(of) is not { } variable || member == "size";
            if (!isThere)
                Unknown ??= At(node.Span, Phrase.Of("template.nomember", ("of", of), ("name", member)));
        }

        private static TemplateVariable? Of(string name) => TemplateVariable.All.FirstOrDefault(variable => variable.Name == name);

        private void Know(ScriptExpression? target)
        {
            if (target is ScriptVariable made)
                _known.Add(made.Name);
        }
    }
}
