using DigitML.IO;
using DigitML.Measure;

try
{
    return Commands.Run(args, Console.Out);
}
catch (Exception error) when (error is DigitException or ArgumentException or IOException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
