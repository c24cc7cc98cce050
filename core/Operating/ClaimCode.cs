using System.Security.Cryptography;
using System.Text;
using Notifier.Model;

namespace Notifier.Operating;

/// <summary>
/// The code by which the first operator shows that the process is theirs: only its console tells it. It works once and for this run of the
/// process; an operator can have another made for somebody else.
/// </summary>
public sealed class ClaimCode(Storage storage)
{
    /// <summary>Without what is easily mistaken: 0 and O, 1 and I.</summary>
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private readonly Lock _lock = new();
    private string? _code;

    /// <summary>The code to show at start: null where somebody is an operator already.</summary>
    public string? ForFirstOperator()
    {
        using var db = storage.Read();
        return db.Operators.Any() ? null : Make(isNew: false);
    }

    /// <summary>A new code; an unused earlier one works no more.</summary>
    public string Another() => Make(isNew: true);

    /// <summary>Whether this is the code; then it is used up.</summary>
    public bool Take(string typed)
    {
        lock (_lock)
        {
            if (_code is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Bare(typed)), Encoding.UTF8.GetBytes(Bare(_code))))
                return false;
            _code = null;
            return true;
        }
    }

    private static string Bare(string code) => code.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();

    private string Make(bool isNew)
    {
        lock (_lock)
        {
            if (isNew)
                _code = null;
            return _code ??= string.Join('-', RandomNumberGenerator.GetString(Letters, 12).Chunk(4).Select(four => new string(four)));
        }
    }
}
