using SQLitePCL;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>One prepared statement. Used by one thread at a time; parameters and columns are counted as SQLite counts them, from 1 and from 0.</summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(statement, parameter, value));

    public void Bind(int parameter, long? value) => Check(value is { } number ? raw.sqlite3_bind_int64(statement, parameter, number) : raw.sqlite3_bind_null(statement, parameter));

    public void BindText(int parameter, ReadOnlySpan<byte> utf8) => Check(raw.sqlite3_bind_text(statement, parameter, utf8));

    public void BindText(int parameter, string? text) => Check(text is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, text));

    /// <remarks>SQLite reads a null pointer as NULL, so that an empty body needs its own call.</remarks>
    public void BindBlob(int parameter, ReadOnlySpan<byte> bytes) =>
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, bytes));

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code == raw.SQLITE_DONE)
        {
            return false;
        }

        var fault = new SqliteFault(code, raw.sqlite3_errmsg(database).utf8_to_string());
        _ = raw.sqlite3_reset(statement);
        throw fault;
    }

    /// <summary>Ends the statement, and with it its read transaction. Its error, if any, was thrown by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    /// <summary>Runs a statement that answers no row.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public long? Scalar()
    {
        try
        {
            return Step() ? NullableInt64(0) : null;
        }
        finally
        {
            Reset();
        }
    }

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NullableInt64(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : Int64(column);

    /// <summary>The column's bytes, text as UTF-8; they are gone with the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFault(code, raw.sqlite3_errmsg(database).utf8_to_string());
        }
    }
}
