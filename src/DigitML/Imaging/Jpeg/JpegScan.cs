using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>A scan's header and the order of its blocks (T.81, A.2 and B.2.3).</summary>
/// <param name="Components">The channels in the scan.</param>
/// <param name="First">The first coefficient in zigzag order.</param>
/// <param name="Last">The last.</param>
/// <param name="BitBefore">The lowest bit sent before; 0 for none.</param>
/// <param name="Bit">The lowest bit sent now.</param>
/// <param name="RestartInterval">Units between restart markers; 0 for none.</param>
internal sealed record JpegScan(JpegComponent[] Components, int First, int Last, int BitBefore, int Bit, int RestartInterval)
{
    /// <summary>Whether grey needs any channel of it.</summary>
    public bool IsWanted => Components.Any(component => component.IsWanted);

    /// <summary>Reads the scan.</summary>
    /// <returns>At the latest where the next marker begins.</returns>
    /// <exception cref="DigitException">The data are damaged or cut short.</exception>
    public int Read(ReadOnlySpan<byte> file, int position, JpegFrame frame)
    {
        if (!frame.IsProgressive)
        {
            return Walk(file, position, frame, new JpegSequentialBlocks());
        }

        if (First == 0)
        {
            return BitBefore == 0
                ? Walk(file, position, frame, new JpegFirstDcBlocks(Bit))
                : Walk(file, position, frame, new JpegNextDcBlocks(Bit));
        }

        return BitBefore == 0
            ? Walk(file, position, frame, new JpegFirstAcBlocks(First, Last, Bit))
            : Walk(file, position, frame, new JpegNextAcBlocks(First, Last, Bit));
    }

    private int Walk<TBlocks>(ReadOnlySpan<byte> file, int position, JpegFrame frame, TBlocks blocks)
        where TBlocks : struct, IJpegBlocks
    {
        // A channel alone comes block by block; several come in units of as many blocks as their sampling factors say.
        var alone = Components.Length == 1;
        var unitsWide = alone ? Components[0].BlocksWide : Units(frame.Width, frame.MaximumHorizontal);
        var unitsHigh = alone ? Components[0].BlocksHigh : Units(frame.Height, frame.MaximumVertical);
        var rowsPerUnit = alone ? JpegComponent.BlockSide * frame.MaximumVertical / Components[0].Vertical : JpegComponent.BlockSide * frame.MaximumVertical;
        var reader = new JpegBitReader(file, position);
        var restarts = 0;
        var untilRestart = RestartInterval;
        ForgetPredictions();
        for (var y = 0; y < unitsHigh; y++)
        {
            frame.CancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < unitsWide; x++)
            {
                if (RestartInterval > 0 && untilRestart-- == 0)
                {
                    reader.Restart(restarts++ & 7, y * rowsPerUnit);
                    blocks.Restart();
                    ForgetPredictions();
                    untilRestart = RestartInterval - 1;
                }

                if (alone)
                {
                    blocks.Read(ref reader, Components[0], x, y);
                    continue;
                }

                foreach (var component in Components)
                {
                    for (var v = 0; v < component.Vertical; v++)
                    {
                        for (var h = 0; h < component.Horizontal; h++)
                        {
                            blocks.Read(ref reader, component, (x * component.Horizontal) + h, (y * component.Vertical) + v);
                        }
                    }
                }
            }

            reader.CheckEnd(y * rowsPerUnit);
        }

        return reader.Position;
    }

    private static int Units(int pixels, int factor) => (pixels + (JpegComponent.BlockSide * factor) - 1) / (JpegComponent.BlockSide * factor);

    private void ForgetPredictions()
    {
        foreach (var component in Components)
        {
            component.Prediction = 0;
        }
    }
}
