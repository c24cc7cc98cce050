using System.Collections.Concurrent;

namespace Notifier.Model;

/// <summary>Hot reads of a database: over connections that stay open, with their statements prepared; as many as are read over at once.</summary>
internal sealed class Reading(Storage storage) : IDisposable
{
    private readonly ConcurrentBag<Statements> _free = [];
    private volatile bool _isDisposed;

    /// <summary>Reads by what no other thread uses meanwhile. Nothing of it may be kept.</summary>
    public T Read<T>(Func<Statements, T> read)
    {
        if (!_free.TryTake(out var statements))
            statements = new Statements(storage.ReadConnection());
        T result;
        try
        {
            result = read(statements);
        }
        catch
        {
            Close(statements);
            throw;
        }

        _free.Add(statements);

        // Who reads still while the process ends must not leave a connection open.
        if (_isDisposed)
            Dispose();
        return result;
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_free.TryTake(out var statements))
            Close(statements);
    }

    private static void Close(Statements statements)
    {
        statements.Dispose();
        statements.Connection.Dispose();
    }
}
