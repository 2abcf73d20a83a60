"""Makes the Keras files that the tests read, and what each must answer: python3 make_models.py, beside this file.

The files are laid out as Keras's own code lays them out (legacy_h5_format.py and saving_lib.py of Keras 3, hdf5_format.py of Keras 2),
written by h5py, since Keras itself need not be there. The answers are worked out here by numpy in float64, layer by layer, and go to
models/expected.json. Everything is drawn from a fixed seed.
"""

import io
import json
import math
import pathlib
import re
import zipfile

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "models"
HEIGHT, WIDTH, CLASSES = 5, 4, 3
PIXELS = HEIGHT * WIDTH
random = np.random.default_rng(20260101)
pictures = random.integers(0, 256, (3, PIXELS)).astype(np.float64)


class Layer:
    def __init__(self, class_name, config=None, weights=None, forward=None, layers=None):
        self.class_name, self.config, self.weights = class_name, config or {}, weights or {}
        self.forward, self.layers, self.name = forward or (lambda x: x), layers, None


def snake(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def normal(*shape, scale=1.0, dtype=np.float32):
    return (random.standard_normal(shape) * scale).astype(dtype)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


FUNCTIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
    "gelu_approximate": lambda x: x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2,
    "silu": lambda x: x * sigmoid(x),
    "swish": lambda x: x * sigmoid(x),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "softmax": softmax,
}


def dense(inputs, units, activation="linear", use_bias=True, dtype=np.float32, written=None):
    weights = {"kernel": normal(inputs, units, scale=1.5 / math.sqrt(inputs), dtype=dtype)}
    if use_bias:
        weights["bias"] = normal(units, scale=0.3, dtype=dtype)

    def forward(x):
        return FUNCTIONS[activation](x.reshape(len(x), -1) @ weights["kernel"].astype(np.float64) + weights.get("bias", np.zeros(units)).astype(np.float64))

    return Layer("Dense", {"trainable": True, "units": units, "activation": activation if written is None else written, "use_bias": use_bias}, weights, forward)


def flatten():
    return Layer("Flatten", {"trainable": True, "data_format": "channels_last"}, forward=lambda x: x.reshape(len(x), -1))


def activation_layer(class_name, config, function):
    return Layer(class_name, config, forward=function)


def batch_normalization(channels, scale=True, center=True, axis=-1, mean=0.0, spread=1.0, forward_axis=-1):
    weights = {}
    if scale:
        weights["gamma"] = (1 + normal(channels, scale=0.3)).astype(np.float32)
    if center:
        weights["beta"] = normal(channels, scale=0.3)
    weights["moving_mean"] = (mean + normal(channels, scale=0.3 * spread)).astype(np.float32)
    weights["moving_variance"] = (spread * spread * random.uniform(0.3, 2, channels)).astype(np.float32)
    epsilon = 1e-3

    def forward(x):
        shape = [1] * x.ndim
        shape[forward_axis] = channels
        value = {name: weight.astype(np.float64).reshape(shape) for name, weight in weights.items()}
        return (x - value["moving_mean"]) / np.sqrt(value["moving_variance"] + epsilon) * value.get("gamma", 1.0) + value.get("beta", 0.0)

    return Layer("BatchNormalization", {"axis": axis, "momentum": 0.99, "epsilon": epsilon, "center": center, "scale": scale}, weights, forward)


def rescaling(scale, offset=0.0):
    return Layer("Rescaling", {"scale": scale, "offset": offset}, forward=lambda x: x * scale + offset)


def normalization_adapted(count):
    mean, variance = random.uniform(20, 120, count).astype(np.float32), random.uniform(400, 6000, count).astype(np.float32)
    variance[0] = 0

    def forward(x):
        return (x.reshape(len(x), -1) - mean.astype(np.float64)) / np.maximum(np.sqrt(variance.astype(np.float64)), 1e-7)

    return Layer("Normalization", {"axis": [-1], "invert": False, "mean": None, "variance": None}, {"mean": mean, "variance": variance, "count": np.array(0, np.int64)}, forward)


def p_relu(units):
    alpha = random.uniform(0.05, 0.5, units).astype(np.float32)
    return Layer("PReLU", {"shared_axes": None}, {"alpha": alpha}, lambda x: np.where(x > 0, x, alpha * x))


def sequential(*layers):
    def forward(x):
        for layer in layers:
            x = layer.forward(x)
        return x

    return Layer("Sequential", layers=list(layers), forward=forward)


def name_layers(model, counts=None):
    counts = {} if counts is None else counts
    for layer in model.layers:
        base = snake(layer.class_name)
        layer.name = base if base not in counts else f"{base}_{counts[base]}"
        counts[base] = counts.get(base, 0) + 1
        if layer.layers is not None:
            name_layers(layer, counts)


# Configurations

def layer_config(layer, version):
    if layer.layers is not None:
        return model_config(layer, version, layer.name, None)
    dtype = "float32" if version == 2 else {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    config = {"name": layer.name, "dtype": dtype, **layer.config}
    if layer.class_name == "Dense":
        config["kernel_initializer"] = {"class_name": "GlorotUniform", "config": {"seed": None}}
    if version == 2:
        return {"class_name": layer.class_name, "config": config}
    return {"module": "keras.layers", "class_name": layer.class_name, "config": config, "registered_name": None, "build_config": {"input_shape": [None, 1]}}


def input_config(shape, version):
    config = {"dtype": "float32", "sparse": False, "name": "input_layer"}
    config["batch_input_shape" if version == 2 else "batch_shape"] = [None, *shape]
    return {"class_name": "InputLayer", "config": config} if version == 2 else {"module": "keras.layers", "class_name": "InputLayer", "config": config, "registered_name": None}


def model_config(model, version, name, shape):
    layers = [] if shape is None else [input_config(shape, version)]
    config = {"name": name, "layers": layers + [layer_config(layer, version) for layer in model.layers]}
    if version == 3:
        return {"module": "keras", "class_name": "Sequential", "config": {**config, "build_input_shape": [None, *(shape or [1])]}, "registered_name": None}
    return {"class_name": "Sequential", "config": config}


def functional_config(model, version, shape):
    first = input_config(shape, version)
    layers = [{**first, "name": "input_layer", "inbound_nodes": []}]
    before = "input_layer"
    for layer in model.layers:
        if version == 2:
            nodes = [[[before, 0, 0, {}]]]
        else:
            tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 1], "dtype": "float32", "keras_history": [before, 0, 0]}}
            nodes = [{"args": [tensor], "kwargs": {"mask": None}}]
        layers.append({**layer_config(layer, version), "name": layer.name, "inbound_nodes": nodes})
        before = layer.name
    # Keras sorts by depth; nothing may rest on the order.
    layers[1:] = layers[:0:-1] if version == 2 else layers[1:]
    outputs = [[before, 0, 0]] if version == 2 else [before, 0, 0]
    inputs = [["input_layer", 0, 0]] if version == 2 else ["input_layer", 0, 0]
    return {"class_name": "Functional", "config": {"name": "functional", "layers": layers, "input_layers": inputs, "output_layers": outputs}}


# Files

def all_weights(layer, version, scope):
    if layer.layers is not None:
        return [pair for inner in layer.layers for pair in all_weights(inner, version, scope + [layer.name])]
    if version == 2:
        return [(f"{layer.name}/{name}:0", value) for name, value in layer.weights.items()]
    return [("/".join(scope + [layer.name, name]), value) for name, value in layer.weights.items()]


def write_h5(file, model, config, version, **options):
    with h5py.File(FOLDER / file, "w", **{k: v for k, v in options.items() if k == "libver"}) as f:
        keras_version = "2.15.0" if version == 2 else "3.5.0"
        f.attrs["keras_version"] = keras_version
        f.attrs["backend"] = "tensorflow"
        # Keras 2 gives bytes and Keras 3 text.
        f.attrs["model_config"] = json.dumps(config).encode("utf8") if version == 2 else json.dumps(config)
        group = f.create_group("model_weights")
        group.attrs["layer_names"] = np.asarray([layer.name.encode("utf8") for layer in model.layers])
        group.attrs["backend"] = b"tensorflow"
        group.attrs["keras_version"] = keras_version.encode("utf8")
        for layer in sorted(model.layers, key=lambda layer: layer.name):
            own = group.create_group(layer.name)
            weights = all_weights(layer, version, ["sequential"])
            names = np.asarray([name.encode("utf8") for name, _ in weights])
            if options.get("split") and len(names) > 1:
                for number, name in enumerate(names):
                    own.attrs[f"weight_names{number}"] = np.asarray([name])
            else:
                own.attrs["weight_names"] = names
            for name, value in weights:
                value = np.asarray(value)
                if options.get("chunked") and value.ndim:
                    chunks = tuple(max(1, size // 2) for size in value.shape)
                    dataset = own.create_dataset(name, value.shape, dtype=value.dtype, chunks=chunks, compression="gzip", shuffle=True, fletcher32=True)
                else:
                    dataset = own.create_dataset(name, value.shape, dtype=value.dtype)
                dataset[()] = value
        group.create_group("top_level_model_weights").attrs["weight_names"] = np.asarray([])


def write_archive(file, model, config, layout="layers", double_counted=False, backslashes=False, bfloat16=False, compressed=True):
    memory = io.BytesIO()
    with h5py.File(memory, "w") as f:
        def save(layers, path):
            used = {}
            for layer in layers:
                base = snake(layer.class_name)
                name = base if base not in used else f"{base}_{used[base] * (2 if double_counted else 1)}"
                used[base] = used.get(base, 0) + 1
                if layer.layers is not None:
                    save(layer.layers, path + [name, layout])
                elif layer.weights or layout == "layers":
                    joined = path + [name, "vars"]
                    group = f.create_group("\\".join(joined) if backslashes else "/".join(joined))
                    group.attrs["name"] = layer.name
                    for number, value in enumerate(layer.weights.values()):
                        if bfloat16:
                            bits = (np.asarray(value, np.float32).view(np.uint32) >> 16).astype(np.uint16)
                            group.create_dataset(f"{number}", data=bits.view("V2")).attrs["dtype"] = "bfloat16"
                        else:
                            group[f"{number}"] = value

        save(model.layers, [layout])
        # What a compiled model has beside its weights.
        f.create_group("optimizer/vars")["0"] = np.array(7, np.int64)
    with zipfile.ZipFile(FOLDER / file, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, content in (
            ("metadata.json", json.dumps({"keras_version": "3.5.0", "date_saved": "2026-01-01@00:00:00"}).encode()),
            ("config.json", json.dumps(config).encode()),
            ("model.weights.h5", memory.getvalue()),
        ):
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = archive.compression
            archive.writestr(info, content)


expected = {"pictures": pictures.astype(int).tolist(), "probabilities": {}}


def expect(file, model, inputs):
    answer = model.forward(inputs.reshape(-1, HEIGHT, WIDTH))
    answer = np.hstack([1 - answer, answer]) if answer.shape[1] == 1 else answer
    expected["probabilities"][file] = (answer if np.allclose(answer.sum(axis=1), 1) and (answer >= 0).all() else softmax(answer)).tolist()


def main():
    FOLDER.mkdir(exist_ok=True)
    units, shape = pictures / 255, [HEIGHT, WIDTH]

    # The usual first network for MNIST, scaled down.
    thesis = sequential(flatten(), dense(PIXELS, 7, "relu"), dense(7, 5, "relu"), dense(5, CLASSES, "softmax"))
    name_layers(thesis)
    for version in (2, 3):
        write_h5(f"thesis-keras{version}.h5", thesis, model_config(thesis, version, "sequential", shape), version)
        expect(f"thesis-keras{version}.h5", thesis, units)
    write_h5("thesis-latest.h5", thesis, model_config(thesis, 3, "sequential", shape), 3, libver="latest")
    write_h5("thesis-chunked.h5", thesis, model_config(thesis, 2, "sequential", shape), 2, chunked=True, split=True)
    config = model_config(thesis, 3, "sequential", shape)
    write_archive("thesis.keras", thesis, config, compressed=False)
    write_archive("thesis-dependencies.keras", thesis, config, layout="_layer_checkpoint_dependencies", double_counted=True)
    write_archive("thesis-backslashes.keras", thesis, config, layout="_layer_checkpoint_dependencies", backslashes=True)
    for file in ("thesis-latest.h5", "thesis-chunked.h5", "thesis.keras", "thesis-dependencies.keras", "thesis-backslashes.keras"):
        expect(file, thesis, units)

    # Batch normalisation before and after the activation and at the input, with and without gamma and beta; logits at the end.
    normalized = sequential(
        rescaling(1 / 255), batch_normalization(WIDTH, axis=[2], mean=0.5), flatten(), dense(PIXELS, 6, use_bias=False), batch_normalization(6, scale=False),
        activation_layer("Activation", {"activation": "relu"}, FUNCTIONS["relu"]), dense(6, 6, "relu"), batch_normalization(6, center=False),
        Layer("Dropout", {"rate": 0.5}), dense(6, CLASSES), batch_normalization(CLASSES))
    name_layers(normalized)
    write_h5("batch-normalization.h5", normalized, model_config(normalized, 2, "sequential", shape), 2)
    write_archive("batch-normalization.keras", normalized, model_config(normalized, 3, "sequential", shape))
    rows = sequential(batch_normalization(HEIGHT, axis=1, mean=100, spread=60, forward_axis=1), flatten(), dense(PIXELS, 6, "relu"), dense(6, CLASSES, "softmax"))
    name_layers(rows)
    write_h5("batch-normalization-rows.h5", rows, model_config(rows, 3, "sequential", shape), 3)
    adapted = sequential(normalization_adapted(PIXELS), dense(PIXELS, 6, "relu", use_bias=False), dense(6, CLASSES, "softmax"))
    # A pixel that is always 0, as MNIST's corners are: its variance is 0, too.
    pictures[:, 0] = 0
    adapted.layers[0].weights["mean"][0] = 0
    expected["pictures"] = pictures.astype(int).tolist()
    units[:] = pictures / 255
    name_layers(adapted)
    write_h5("normalization.h5", adapted, model_config(adapted, 2, "sequential", [PIXELS]), 2)
    for file, model in (("batch-normalization.h5", normalized), ("batch-normalization.keras", normalized), ("batch-normalization-rows.h5", rows), ("normalization.h5", adapted)):
        expect(file, model, pictures)
    for file in [file for file in expected["probabilities"] if file.startswith("thesis")]:
        expect(file, thesis, units)

    # A chain of functions with a model inside, and layers that do nothing when predicting.
    inner = sequential(dense(6, 5, "relu"), Layer("GaussianNoise", {"stddev": 0.1}))
    chain = sequential(
        Layer("Reshape", {"target_shape": [-1]}, forward=lambda x: x.reshape(len(x), -1)), dense(PIXELS, 6), Layer("Dropout", {"rate": 0.2}),
        activation_layer("ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, FUNCTIONS["relu"]), inner, dense(5, CLASSES),
        activation_layer("Softmax", {"axis": -1}, softmax))
    name_layers(chain)
    write_h5("functional.h5", chain, functional_config(chain, 2, [HEIGHT, WIDTH, 1]), 2)
    write_h5("functional-keras3.h5", chain, functional_config(chain, 3, [HEIGHT, WIDTH, 1]), 3)
    write_archive("functional.keras", chain, functional_config(chain, 3, [HEIGHT, WIDTH, 1]))
    for file in ("functional.h5", "functional-keras3.h5", "functional.keras"):
        expect(file, chain, units)

    # Other types of floats. What bfloat16 has no room for is cut off, from the answers too.
    wide = sequential(flatten(), dense(PIXELS, 6, "relu", dtype=np.float64), dense(6, CLASSES, "softmax", dtype=np.float16))
    name_layers(wide)
    write_h5("floats.h5", wide, model_config(wide, 2, "sequential", shape), 2)
    expect("floats.h5", wide, units)
    brain = sequential(flatten(), dense(PIXELS, 6, "relu"), dense(6, CLASSES, "softmax"))
    for layer in brain.layers:
        for name in layer.weights:
            layer.weights[name][...] = (layer.weights[name].view(np.uint32) & 0xFFFF0000).view(np.float32)
    name_layers(brain)
    write_archive("bfloat16.keras", brain, model_config(brain, 3, "sequential", shape), bfloat16=True)
    expect("bfloat16.keras", brain, units)

    binary = sequential(flatten(), dense(PIXELS, 4, "relu"), dense(4, 1, "sigmoid"))
    name_layers(binary)
    write_h5("binary.h5", binary, model_config(binary, 2, "sequential", shape), 2)
    expect("binary.h5", binary, units)

    # Every activation, as an option and as a layer.
    every = sequential(
        flatten(), dense(PIXELS, 6, "elu"), dense(6, 6, "leaky_relu"), dense(6, 6, "tanh"), dense(6, 6, "sigmoid"), dense(6, 6, "gelu"), dense(6, 6, "swish"),
        dense(6, 6, "relu6"), dense(6, 6), activation_layer("LeakyReLU", {"alpha": 0.125}, lambda x: np.where(x > 0, x, 0.125 * x)), dense(6, 6), p_relu(6),
        dense(6, 6), activation_layer("ELU", {"alpha": 0.5}, lambda x: np.where(x > 0, x, 0.5 * np.expm1(np.minimum(x, 0)))),
        dense(6, 6), activation_layer("ReLU", {"max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0}, FUNCTIONS["relu6"]),
        dense(6, 6), activation_layer("ReLU", {"max_value": None, "negative_slope": 0.25, "threshold": 0.0}, lambda x: np.where(x > 0, x, 0.25 * x)),
        dense(6, 6, "gelu_approximate", written={"module": "keras_hub.src.utils.keras_utils", "class_name": "function", "config": "gelu_approximate", "registered_name": "keras_hub>gelu_approximate"}),
        dense(6, 6, "silu", written={"module": "keras.activations", "class_name": "function", "config": "silu", "registered_name": None}),
        dense(6, 6), dense(6, CLASSES, "softmax"))
    name_layers(every)
    write_archive("activations.keras", every, model_config(every, 3, "sequential", shape))
    expect("activations.keras", every, units)

    # Weights alone, as save_weights writes them: no model to read.
    with h5py.File(FOLDER / "weights-only.h5", "w") as f:
        f.attrs["layer_names"] = np.asarray([b"dense"])
        f.attrs["keras_version"] = b"2.15.0"
        f.create_group("dense").attrs["weight_names"] = np.asarray([])
    with h5py.File(FOLDER / "weights-only-keras3.h5", "w") as f:
        f.create_group("layers/dense/vars")["0"] = normal(2, 3)

    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
