using Microsoft.Data.Sqlite;

namespace Notifier.Model;

/// <summary>
/// Raw SQL over one connection, each text prepared once: for what is run again and again, since SQLite needs longer to read such a statement than to carry it out.
/// Texts must not vary; a list of values is one parameter (<c>json_each</c>). For one thread at a time.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteConnection Connection => connection;

    /// <summary>The statements alone; the connection is its owner's.</summary>
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _prepared.Clear();
    }

    /// <summary>Returns the number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>The first column of the first row; the default where there is none or it is null.</summary>
    public T? Scalar<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).Scalar<T>();

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters) => Prepare(sql, parameters).Rows(row);

    /// <param name="parameters">The same names in the same order each time.</param>
    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.Command(sql, parameters);
            _prepared.Add(sql, command);
            return command;
        }

        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }
}
