using Notifier.Texts;

namespace Notifier.Messages.Templates;

/// <summary>What became of reading or filling a template.</summary>
public abstract record TemplateResult
{
    private TemplateResult()
    {
    }

    /// <param name="Html">To be read like a feed's.</param>
    public sealed record Made(string Html) : TemplateResult;

    /// <param name="Reason">With the place: “line 2, column 5: …”.</param>
    public sealed record Failed(Phrase Reason) : TemplateResult;
}
