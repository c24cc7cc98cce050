namespace Notifier.Messages;

/// <summary>Raised and lowered text for platforms that have no style for it.</summary>
public static class SmallDigits
{
    private const string Plain = "0123456789+-=()";
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾";
    private const string Lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎";

    /// <summary><c>x²</c> where Unicode has all the characters, else <c>n^(th)</c>.</summary>
    public static string Superscript(string text) => Written(text, Raised) ?? $"^({text})";

    /// <summary><c>H₂</c> where Unicode has all the characters, else <c>a_(max)</c>.</summary>
    public static string Subscript(string text) => Written(text, Lowered) ?? $"_({text})";

    private static string? Written(string text, string alphabet) =>
        text.All(c => Plain.Contains(c, StringComparison.Ordinal)) ? new string([.. text.Select(c => alphabet[Plain.IndexOf(c, StringComparison.Ordinal)])]) : null;
}
