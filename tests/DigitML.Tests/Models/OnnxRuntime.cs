using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DigitML.Tests.Imaging;
using DigitML.Tests.IO;

namespace DigitML.Tests.Models;

/// <summary>ONNX Runtime, through Node and its package onnxruntime-node: what every other program makes of a model file.</summary>
internal static class OnnxRuntime
{
    private const string Variable = "DIGITML_ORT_NODE_MODULES";

    private const string Script =
        """
        import fs from 'node:fs'; import path from 'node:path'; import { createRequire } from 'node:module';
        const [folder, ...jobs] = process.argv.slice(2);
        const ort = createRequire(path.join(folder, 'package.json'))('onnxruntime-node');
        for (const job of jobs) {
          const session = await ort.InferenceSession.create(job + '.onnx', { intraOpNumThreads: 1, interOpNumThreads: 1 });
          const values = new Float32Array(new Uint8Array(fs.readFileSync(job + '.input')).buffer);
          const shape = fs.readFileSync(job + '.shape', 'utf8').split(',').map(Number);
          const result = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', values, shape) });
          fs.writeFileSync(job + '.output', new Uint8Array(Float32Array.from(result[session.outputNames[0]].data).buffer));
        }
        """;

    /// <summary>Skips the running test unless Node and the package are there.</summary>
    public static void Require()
    {
        ExternalTool.Require("node");
        Assert.SkipUnless(Folder is not null, $"onnxruntime-node is not on this machine: npm install --ignore-scripts onnxruntime-node, and set {Variable} to the folder that holds node_modules.");
    }

    /// <summary>Runs a model.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="input">Row-major, as the model takes it.</param>
    /// <param name="shape">The input's shape.</param>
    /// <returns>The first output, row-major.</returns>
    public static float[] Run(byte[] model, float[] input, params long[] shape) => RunAll([(model, input, shape)])[0];

    /// <summary>Runs models one after the other in one process.</summary>
    public static float[][] RunAll(params (byte[] Model, float[] Input, long[] Shape)[] jobs)
    {
        using var folder = new TemporaryFolder();
        var names = jobs.Select((_, i) => folder.File($"{i}")).ToArray();
        foreach (var (name, job) in names.Zip(jobs))
        {
            File.WriteAllBytes($"{name}.onnx", job.Model);
            File.WriteAllBytes($"{name}.input", MemoryMarshal.AsBytes(job.Input.AsSpan()));
            File.WriteAllText($"{name}.shape", string.Join(',', job.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture))));
        }

        ExternalTool.Run("node", Encoding.UTF8.GetBytes(Script), ["--input-type=module", "-", Folder!, .. names]);
        return Array.ConvertAll(names, name => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{name}.output")).ToArray());
    }

    private static string? Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable(Variable);
            return folder is not null && Directory.Exists(Path.Combine(folder, "node_modules", "onnxruntime-node")) ? folder : null;
        }
    }
}
