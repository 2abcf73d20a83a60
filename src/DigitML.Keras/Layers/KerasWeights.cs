using System.Globalization;
using DigitML.Keras.Hdf5;

namespace DigitML.Keras.Layers;

/// <summary>Finds the weights of layers in a file.</summary>
internal abstract class KerasWeights
{
    /// <summary>A layer's weights.</summary>
    public abstract LayerWeights Of(KerasLayer layer);

    /// <summary>The weights of a whole-model .h5 file.</summary>
    /// <param name="group">Its group <c>model_weights</c>: a group for each layer, whose attribute <c>weight_names</c> says what is in it.</param>
    public static KerasWeights OfWholeModel(Hdf5Object group) => new ByName(group);

    /// <summary>The weights of a .keras file.</summary>
    /// <param name="file">Its <c>model.weights.h5</c>: a group for each layer, called by its class, with numbered datasets in <c>vars</c>.</param>
    public static KerasWeights OfArchive(Hdf5File file) => new ByClass(file);

    private sealed class ByName(Hdf5Object group) : KerasWeights
    {
        public override LayerWeights Of(KerasLayer layer)
        {
            var place = layer.Place;
            if (group.Find(place.TopName) is not { } own)
            {
                return LayerWeights.None;
            }

            var byName = new Dictionary<string, Hdf5Object>();
            foreach (var path in Names(own))
            {
                // 'dense/kernel:0' of Keras 2, 'sequential/dense/kernel' of Keras 3.
                var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length == 0 || (place.TopName != place.Name && parts.ElementAtOrDefault(parts.Length - 2) != place.Name))
                {
                    continue;
                }

                var name = parts[^1].Split(':')[0];
                var dataset = own.Find(path) ?? throw KerasFormatException.Damaged($"weights {KerasFormatException.Quote(path)} are missing");
                KerasFormatException.Require(byName.TryAdd(name, dataset), $"{layer.Title} has two weights called {KerasFormatException.Quote(name)}");
            }

            return new LayerWeights(byName, []);
        }

        // A list too long for one attribute is spread over several, numbered from 0.
        private static IEnumerable<string> Names(Hdf5Object group)
        {
            if (group.Texts("weight_names") is { } names)
            {
                return names;
            }

            var all = new List<string>();
            for (var number = 0; group.Texts(Invariant($"weight_names{number}")) is { } part; number++)
            {
                all.AddRange(part);
            }

            return all;
        }
    }

    private sealed class ByClass : KerasWeights
    {
        private const int Deepest = 24;

        // 'layers' since Keras 2.13; before, what TensorFlow called a model's checkpoint dependencies.
        private static readonly string[] _containers = ["layers", "_layer_checkpoint_dependencies"];

        private readonly Node _root = new();

        public ByClass(Hdf5File file)
        {
            foreach (var (name, address) in file.Root.Links)
            {
                if (_containers.Contains(name.Split('/', '\\')[0]))
                {
                    Walk(file, _root, name, address, depth: 0);
                }
            }
        }

        public override LayerWeights Of(KerasLayer layer)
        {
            var node = _root;
            foreach (var (className, number) in layer.Place.Classes)
            {
                node = _containers.Select(node.Child).FirstOrDefault(child => child is not null)?.Nth(className, number);
                if (node is null)
                {
                    return LayerWeights.None;
                }
            }

            var variables = node.Child("vars");
            var byNumber = new List<Hdf5Object>();
            while (variables?.Child(Invariant($"{byNumber.Count}"))?.Data is { } data)
            {
                byNumber.Add(data);
            }

            return new LayerWeights([], byNumber);
        }

        // On Windows, names were joined by backslashes, which HDF5 does not take for paths.
        private static void Walk(Hdf5File file, Node above, string name, ulong address, int depth)
        {
            file.Step();
            KerasFormatException.Require(depth <= Deepest, "its groups are nested too deeply");
            var found = file.Object(address);
            var node = name.Split('/', '\\').Aggregate(above, (current, part) => current.Add(part));
            node.Data ??= found.Dataset is null ? null : found;
            foreach (var (childName, child) in found.Links)
            {
                Walk(file, node, childName, child, depth + 1);
            }
        }

        private sealed class Node
        {
            private readonly Dictionary<string, Node> _children = [];

            public Hdf5Object? Data { get; set; }

            public Node? Child(string name) => _children.GetValueOrDefault(name);

            public Node Add(string name)
            {
                if (!_children.TryGetValue(name, out var child))
                {
                    _children.Add(name, child = new Node());
                }

                return child;
            }

            /// <summary>
            /// The child of a class by its rank among those that are there. Some versions counted a layer twice, so that the second is
            /// called <c>dense_2</c>, and rank alone is right for all.
            /// </summary>
            public Node? Nth(string className, int rank) => _children
                .Where(child => child.Key == className || Number(child.Key, className) is not null)
                .OrderBy(child => child.Key == className ? 0 : Number(child.Key, className))
                .Select(child => child.Value)
                .Skip(rank)
                .FirstOrDefault();

            private static int? Number(string name, string className) =>
                name.StartsWith(className + "_", StringComparison.Ordinal) && int.TryParse(name.AsSpan(className.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
    }
}

/// <summary>The weights of one layer: by their names in one kind of files, by their numbers in the other.</summary>
internal sealed class LayerWeights(Dictionary<string, Hdf5Object> byName, IReadOnlyList<Hdf5Object> byNumber)
{
    /// <summary>No weights.</summary>
    public static LayerWeights None { get; } = new([], []);

    /// <summary>A weight.</summary>
    /// <param name="name">Keras's name: <c>kernel</c>.</param>
    /// <param name="number">Its place among the layer's, from 0.</param>
    /// <returns>Null when there is none.</returns>
    public Hdf5Object? Find(string name, int number) => byName.GetValueOrDefault(name) ?? byNumber.ElementAtOrDefault(number);
}
