using System.Data.Common;
using System.Globalization;

namespace DigitML.AutoML.Studies.Database;

/// <summary>Commands with named values, on any database.</summary>
internal static class Commands
{
    /// <summary>A command; null values are NULL.</summary>
    public static DbCommand Command(this DbConnection connection, string text, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a command and gives the number of rows that it changed.</summary>
    public static async Task<int> RunAsync(this DbConnection connection, string text, (string Name, object? Value)[] values, CancellationToken cancellationToken)
    {
        var command = connection.Command(text, values);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a command and gives its one whole number; null for no row and for NULL.</summary>
    public static async Task<long?> NumberAsync(this DbConnection connection, string text, (string Name, object? Value)[] values, CancellationToken cancellationToken) =>
        await connection.ValueAsync(text, values, cancellationToken).ConfigureAwait(false) is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Runs a command and gives its one value; null for no row and for NULL.</summary>
    public static async Task<object?> ValueAsync(this DbConnection connection, string text, (string Name, object? Value)[] values, CancellationToken cancellationToken)
    {
        var command = connection.Command(text, values);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is { } value and not DBNull ? value : null;
        }
    }

    /// <summary>Runs a query and makes something of each row.</summary>
    public static async Task<List<T>> RowsAsync<T>(this DbConnection connection, string text, (string Name, object? Value)[] values, Func<DbDataReader, T> make, CancellationToken cancellationToken)
    {
        var command = connection.Command(text, values);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(make(reader));
                }

                return rows;
            }
        }
    }
}
