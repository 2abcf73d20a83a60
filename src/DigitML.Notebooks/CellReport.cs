namespace DigitML.Notebooks;

/// <summary>A code cell that has run.</summary>
/// <param name="Notebook">The notebook's name.</param>
/// <param name="Cell">Which code cell, from 1.</param>
/// <param name="Cells">How many the notebook has.</param>
/// <param name="Seconds">Its wall time.</param>
public sealed record CellReport(string Notebook, int Cell, int Cells, double Seconds);
