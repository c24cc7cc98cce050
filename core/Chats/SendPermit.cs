namespace Notifier.Chats;

/// <summary>A place for one message within a platform's limits.</summary>
public abstract class SendPermit : IDisposable
{
    /// <summary>For a platform, or a message, that has no limit to keep.</summary>
    public static SendPermit Unlimited { get; } = new NoLimit();

    /// <summary>Gives the place back, unless it was used.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private sealed class NoLimit : SendPermit
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
}
