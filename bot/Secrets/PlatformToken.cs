namespace Notifier.Bot.Secrets;

/// <summary>
/// The token by which a platform knows Notifier. It may be missing, be given or replaced while the process runs, or be refused by the
/// platform; a refused one is not tried again.
/// </summary>
internal sealed class PlatformToken : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _key;
    private readonly SecretsFile _file;
    private readonly KnownSecrets _secrets;
    private TaskCompletionSource _usable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _replaced = new();

    /// <param name="key">The setting that has it; a replacement is stored under it.</param>
    /// <param name="value">From the settings; empty for none.</param>
    public PlatformToken(string key, string value, SecretsFile file, KnownSecrets secrets)
    {
        (_key, _file, _secrets) = (key, file, secrets);
        if (value.Length > 0)
            Use(value);
    }

    /// <summary>Null when there is none.</summary>
    public string? Value { get; private set; }

    /// <summary>Why the platform refused <see cref="Value"/>; null while it has not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Cancelled when another token takes the place of this one.</summary>
    public CancellationToken Replaced
    {
        get
        {
            lock (_lock)
                return _replaced.Token;
        }
    }

    /// <summary>Completes once there is a token that has not been refused.</summary>
    public Task UsableAsync(CancellationToken ct)
    {
        lock (_lock)
            return _usable.Task.WaitAsync(ct);
    }

    /// <summary>The platform refused this token: it is not used any more. Nothing happens where another one has taken its place.</summary>
    public void Refuse(string token, string reason)
    {
        lock (_lock)
        {
            if (Value != token || Refusal is not null)
                return;
            Refusal = reason;
            _usable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Stores a token in the data folder and uses it from now on.</summary>
    /// <exception cref="IOException">It cannot be stored; nothing has changed.</exception>
    public void Replace(string token)
    {
        _file.Store(_key, token);
        CancellationTokenSource before;
        lock (_lock)
        {
            before = _replaced;
            _replaced = new CancellationTokenSource();
            Use(token);
        }

        before.Cancel();
        before.Dispose();
    }

    public void Dispose() => _replaced.Dispose();

    private void Use(string token)
    {
        _secrets.Add(token);
        (Value, Refusal) = (token, null);
        _usable.TrySetResult();
    }
}
