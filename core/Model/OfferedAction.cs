using System.Buffers.Text;
using System.Security.Cryptography;

namespace Notifier.Model;

/// <summary>
/// An action that a reply offered as a button: what it stands for, and who may choose it where and until when. The button carries only the
/// token, which nobody can guess.
/// </summary>
public sealed class OfferedAction
{
    /// <summary>128 random bits, base64url.</summary>
    public required string Token { get; set; }

    /// <summary>The chat whose reply has the button, as <see cref="ChatAddress"/> is written.</summary>
    public required string Chat { get; set; }

    /// <summary>The platform's id of the person who asked; nobody else may choose. Empty for a notice's: whoever has the right to the command may.</summary>
    public required string Person { get; set; }

    public required string CommandLine { get; set; }

    /// <summary>The chat that the command is about, where it is another one.</summary>
    public string? Target { get; set; }

    public DateTimeOffset Until { get; set; }

    /// <summary>A token that nobody can guess: 22 of A–Z, a–z, 0–9, <c>-</c> and <c>_</c>.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
