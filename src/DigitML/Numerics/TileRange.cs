namespace DigitML.Numerics;

/// <summary>
/// A run of the tiles that a matrix in panels is cut into, each 8 rows by one panel of 32 columns: what one call of a kernel
/// computes. Tiles are numbered down a panel, then panel after panel.
/// </summary>
internal readonly record struct TileRange
{
    /// <summary>All tiles.</summary>
    /// <param name="rows">Rows that hold data; the last tile is computed whole.</param>
    /// <param name="columns">Columns that hold data, likewise.</param>
    public TileRange(int rows, int columns)
    {
        RowTiles = (rows + Kernels.TileRows - 1) / Kernels.TileRows;
        PanelCount = Panels.Count(columns);
        End = RowTiles * PanelCount;
    }

    /// <summary>Tiles of a panel.</summary>
    public int RowTiles { get; }

    /// <summary>Panels.</summary>
    public int PanelCount { get; }

    /// <summary>First tile, 0 to <see cref="PanelCount"/> · <see cref="RowTiles"/>.</summary>
    public int Start { get; init; }

    /// <summary>One past the last tile.</summary>
    public int End { get; init; }

    /// <summary>One thread's share of these tiles.</summary>
    public TileRange Share(int member, int size)
    {
        var (start, end) = ThreadTeam.Share(End - Start, member, size);
        return this with { Start = Start + start, End = Start + end };
    }

    /// <summary>
    /// The rectangle that the run goes on with at a tile: the rest of a panel, whole panels, or the start of one; from
    /// rectangle to rectangle the run is covered once.
    /// </summary>
    /// <param name="tile">A tile of the run.</param>
    /// <param name="mostPanels">Panels at most, at least 1.</param>
    public TileBlock BlockAt(int tile, int mostPanels)
    {
        var (panel, rowTile) = Math.DivRem(tile, RowTiles);
        var whole = rowTile == 0 ? (End - tile) / RowTiles : 0;
        return new TileBlock(panel, Math.Clamp(whole, 1, mostPanels), rowTile, whole > 0 ? RowTiles : Math.Min(RowTiles - rowTile, End - tile));
    }
}

/// <summary>A rectangle of tiles.</summary>
/// <param name="Panel">Its first panel.</param>
/// <param name="PanelCount">Its panels, at least 1.</param>
/// <param name="RowTile">Its first tile in each of them.</param>
/// <param name="RowTiles">Its tiles in each of them, at least 1.</param>
internal readonly record struct TileBlock(int Panel, int PanelCount, int RowTile, int RowTiles)
{
    /// <summary>Tiles.</summary>
    public int Count => PanelCount * RowTiles;

    /// <summary>One past the last tile in each panel.</summary>
    public int Past => RowTile + RowTiles;

    /// <summary>Some of the rows, in all panels.</summary>
    /// <param name="done">Row tiles before them, fewer than there are.</param>
    /// <param name="most">Row tiles at most.</param>
    public TileBlock RowsFrom(int done, int most) => this with { RowTile = RowTile + done, RowTiles = Math.Min(most, RowTiles - done) };
}
