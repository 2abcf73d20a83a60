using System.Diagnostics;
using System.Globalization;
using DigitML.Imaging;
using DigitML.Imaging.Magick;
using DigitML.Imaging.Magick.Tests;
using DigitML.Keras.Tests.Fuzzing;
using DigitML.Tests.Data.Fuzzing;
using DigitML.Tests.Imaging.Fuzzing;

// Sends damaged files through the decoders: dotnet run -c Release --project tests/DigitML.Fuzz -- --count 1000000
//   --decoder NAME   PNG, JPEG (ours and, of CMYK, ImageMagick's), WebP, GIF, TIFF, HEIC, AVIF, BMP, PNM, Keras's files, and data: NumPy, NPZ, IDX, CSV, Parquet, ONNX; all when left out
//   --count N        files a decoder; 100000
//   --seed N         another stream of files; 1
//   --from N         the first file's number; 0. With --count 1 and --save it gives a finding's file again
//   --threads N      files at a time; one a processor
//   --save DIR       writes the files there as well, at most 100
// Ends with 1 when something was found that must not happen.
var arguments = Arguments(args, ["--decoder", "--count", "--seed", "--from", "--threads", "--save"]);
if (arguments is null)
{
    return 2;
}

var count = Number("--count", 100_000);
var seed = (int)Number("--seed", 1);
var from = Number("--from", 0);
var threads = (int)Number("--threads", Environment.ProcessorCount);
var found = false;
foreach (var decoder in MagickDecoders.All.Append(new KerasDecoder()).Concat(DataSeeds.All.Select(kind => kind.Decoder)))
{
    if (arguments.TryGetValue("--decoder", out var name) && !name.Equals(decoder.Format, StringComparison.OrdinalIgnoreCase))
    {
        continue;
    }

    var mutator = new FuzzMutator(DataSeeds.All.FirstOrDefault(kind => kind.Decoder == decoder).Seeds ?? (decoder is KerasDecoder ? KerasSeeds.All : ImageFile.BuiltInDecoders.Contains(decoder) ? FuzzSeeds.For(decoder.Format) : MagickSeeds.For(decoder.Format)), seed);
    if (arguments.TryGetValue("--save", out var folder))
    {
        Save(mutator, decoder.Format, folder);
    }

    found |= Fuzz(decoder, mutator);
}

return found ? 1 : 0;

bool Fuzz(IImageDecoder decoder, FuzzMutator mutator)
{
    var run = new FuzzRun(decoder, mutator) { AllowedBytes = decoder.Format == "Parquet" ? DataSeeds.ParquetBytes : FuzzRun.UsualBytes };
    var total = new FuzzReport();
    var clock = Stopwatch.StartNew();

    // Memory is taken once everything has been met, and must not have grown by the end.
    const long Portion = 50_000;
    long heap = 0, resident = 0;
    for (var done = 0L; done < count; done += Portion)
    {
        total.Add(run.Run(from + done, Math.Min(Portion, count - done), threads));
        if (done == 0)
        {
            (heap, resident) = Memory();
        }
    }

    var (heapAtEnd, residentAtEnd) = Memory();
    if (heapAtEnd - heap > 4_000_000 || residentAtEnd - resident > 100_000_000)
    {
        total.Add($"memory grew from {heap:N0} to {heapAtEnd:N0} bytes on the heap, from {resident:N0} to {residentAtEnd:N0} in all");
    }

    Console.WriteLine(FormattableString.Invariant(
        $"{decoder.Format}: {total.Count:N0} files in {clock.Elapsed.TotalSeconds:F1} s ({total.Count / clock.Elapsed.TotalSeconds:N0}/s), {total.Read:N0} read, {total.Count - total.Read:N0} refused; slowest {total.SlowestMilliseconds:F1} ms, most allocated {total.MostAllocated:N0} bytes; heap {heap / 1e6:F1} to {heapAtEnd / 1e6:F1} MB, process {resident / 1e6:F0} to {residentAtEnd / 1e6:F0} MB; {total.Findings.Count} findings"));
    foreach (var finding in total.Findings)
    {
        Console.WriteLine($"  {finding}");
    }

    return total.Findings.Count > 0;
}

static (long Heap, long Resident) Memory()
{
    var heap = GC.GetTotalMemory(forceFullCollection: true);
    using var process = Process.GetCurrentProcess();
    return (heap, process.WorkingSet64);
}

void Save(FuzzMutator mutator, string format, string folder)
{
    Directory.CreateDirectory(folder);
    for (var number = from; number < from + Math.Min(count, 100); number++)
    {
        File.WriteAllBytes(Path.Combine(folder, $"{format.ToLowerInvariant()}-{seed}-{number}"), mutator.Create(number));
    }
}

long Number(string name, long missing) => arguments.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : missing;

static Dictionary<string, string>? Arguments(string[] args, string[] known)
{
    var arguments = new Dictionary<string, string>();
    for (var i = 0; i < args.Length; i += 2)
    {
        if (!known.Contains(args[i]) || i + 1 == args.Length)
        {
            Console.Error.WriteLine($"{args[i]}: expected one of {string.Join(", ", known)}, each with a value.");
            return null;
        }

        arguments[args[i]] = args[i + 1];
    }

    return arguments;
}
