namespace DigitML.Data;

/// <summary>What an IDX file holds, by the code in the third byte of its header.</summary>
public enum IdxElementType
{
    /// <summary>Bytes from 0 to 255.</summary>
    UInt8 = 0x08,

    /// <summary>Bytes from −128 to 127.</summary>
    Int8 = 0x09,

    /// <summary>Signed 16-bit numbers.</summary>
    Int16 = 0x0B,

    /// <summary>Signed 32-bit numbers.</summary>
    Int32 = 0x0C,

    /// <summary>IEEE 754 single precision.</summary>
    Single = 0x0D,

    /// <summary>IEEE 754 double precision.</summary>
    Double = 0x0E,
}
