namespace Notifier.Messages;

/// <summary>Raised and lowered text for platforms that have no style for it.</summary>
public static class SmallDigits
{
    const string Plain = "0123456789+-=()";
    const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾";
    const string Lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎";

    /// <summary><c>x²</c> where Unicode has all the characters, else <c>n^(th)</c>.</summary>
    public static string Superscript(string text) => Written(text, Raised) ?? $"^({text})";

    /// <summary><c>H₂</c> where Unicode has all the characters, else <c>a_(max)</c>.</summary>
    public static string Subscript(string text) => Written(text, Lowered) ?? $"_({text})";

    static string? Written(string text, string alphabet) =>
        text.All(c => Plain.Contains(c, StringComparison.Ordinal)) ? new string([.. text.Select(c => alphabet[Plain.IndexOf(c, StringComparison.Ordinal)])]) : null;
}
