using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DigitML.Benchmarks.Micro;

/// <summary>Operations a second of benchmarks over a <see cref="LayerShape"/>.</summary>
internal sealed class OperationRateColumn : IColumn
{
    /// <inheritdoc/>
    public string Id => nameof(OperationRateColumn);

    /// <inheritdoc/>
    public string ColumnName => "GFLOP/s";

    /// <inheritdoc/>
    public bool AlwaysShow => false;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => "Operations a dense layer of this shape needs, a second; sparse kernels leave most of them out";

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var shape = benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<LayerShape>().FirstOrDefault();
        return shape is not null && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (shape.Operations / statistics.Mean).ToString("F1", CultureInfo.InvariantCulture)
            : "-";
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(one => one.Parameters.Items.Any(item => item.Value is LayerShape));

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}

/// <summary>A layer and the batch that goes through it.</summary>
/// <param name="Inputs">Values that come in.</param>
/// <param name="Outputs">Values that go out.</param>
/// <param name="Batch">Pictures.</param>
public sealed record LayerShape(int Inputs, int Outputs, int Batch)
{
    /// <summary>Multiply-adds count as two.</summary>
    public double Operations => 2.0 * Inputs * Outputs * Batch;

    /// <inheritdoc/>
    public override string ToString() => $"{Inputs}-{Outputs}, batch {Batch}";
}
