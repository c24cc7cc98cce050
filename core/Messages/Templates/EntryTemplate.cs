using System.Globalization;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

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

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Of Scriban's own functions: nothing that reads other templates, compiles, looks at the clock, or differs each time.</summary>
    private static readonly IReadOnlyList<(string Object, string[] Without)> Functions =
    [
        ("array", []),
        ("date", ["now"]),
        ("html", ["strip"]),
        ("math", ["random", "uuid"]),
        ("string", []),
    ];

    private readonly Template _parsed;

    private EntryTemplate(Template parsed) => _parsed = parsed;

    /// <summary>The template of a text; null with the reason where it is none: its language, a name that is not known, too long.</summary>
    public static EntryTemplate? Read(string text, out string? reason)
    {
        reason = null;
        if (text.Length > Longest)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"a template has at most {Longest} characters, and this one {text.Length}");
            return null;
        }

        // Scriban takes the rest of the text for code then.
        var (opened, closed) = (text.LastIndexOf("{{", StringComparison.Ordinal), text.LastIndexOf("}}", StringComparison.Ordinal));
        if (opened > closed)
        {
            var line = text.AsSpan(0, opened).LastIndexOf('\n');
            reason = string.Create(CultureInfo.InvariantCulture, $"line {text.AsSpan(0, opened).Count('\n') + 1}, column {opened - line}: “{{{{” is never closed by “}}}}”");
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
            return new TemplateResult.Failed("it takes too long");
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

    /// <summary>The objects whose functions a template can use.</summary>
    internal static IEnumerable<string> FunctionObjects => Functions.Select(of => of.Object);

    private static string At(SourceSpan span, string message) =>
        string.Create(CultureInfo.InvariantCulture, $"line {span.Start.Line + 1}, column {span.Start.Column + 1}: {CleanText.Line(message)}");

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

        public string? Unknown { get; private set; }

        public override void Visit(ScriptAssignExpression node)
        {
            node.Value?.Accept(this);
            if (node.Target is ScriptVariable made)
                _known.Add(made.Name);
            else
                node.Target?.Accept(this);
        }

        public override void Visit(ScriptForStatement node)
        {
            if (node.Variable is ScriptVariable made)
                _known.Add(made.Name);
            base.Visit(node);
        }

        public override void Visit(ScriptCaptureStatement node)
        {
            if (node.Target is ScriptVariable made)
                _known.Add(made.Name);
            node.Body?.Accept(this);
        }

        public override void Visit(ScriptFunction node)
        {
            if (node.NameOrDoToken is ScriptVariable name)
                _known.Add(name.Name);
            foreach (var parameter in node.Parameters ?? [])
                _known.Add(parameter.Name!.Name);
            node.Body?.Accept(this);
        }

        /// <summary>Would make names of what a value holds.</summary>
        public override void Visit(ScriptImportStatement node) => Unknown ??= At(node.Span, "“import” is not for templates");

        public override void Visit(ScriptNamedArgument node) => node.Value?.Accept(this);

        public override void Visit(ScriptObjectMember node) => node.Value?.Accept(this);

        public override void Visit(ScriptVariableGlobal node)
        {
            if (!_known.Contains(node.Name))
                Unknown ??= At(node.Span, $"there is no “{node.Name}”; the names are {string.Join(", ", TemplateVariable.All.Select(variable => variable.Name))}");
        }

        public override void Visit(ScriptMemberExpression node) => node.Target?.Accept(this);
    }
}
