using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The reader of digits among an application's services.</summary>
public static class DigitReaderServices
{
    /// <summary>
    /// Adds one <see cref="DigitReader"/> for the whole application, with the model that comes with the library. It is made when it is first
    /// asked for, and safe to use from many threads at once. One that was added before stays.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddDigitReader(this IServiceCollection services, ReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        options?.Validate();
        services.TryAddSingleton(_ => new DigitReader(options));
        return services;
    }

    /// <summary>Adds one <see cref="DigitReader"/> for the whole application, with a model from a file, which is read when the reader is first asked for.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="modelPath">An ONNX file with a network for 28×28 digits; it must be there already.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="DigitException">The file is not there.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddDigitReader(this IServiceCollection services, string modelPath, ReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        options?.Validate();

        // An application with a wrong path should not start, rather than fail at its first picture.
        if (!File.Exists(modelPath))
        {
            throw new DigitException($"{modelPath}: expected a model in ONNX but the file is not there.");
        }

        services.TryAddSingleton(_ => new DigitReader(Mlp.Load(modelPath), options));
        return services;
    }
}
