"""The peer of the load test: the same network behind FastAPI, uvicorn and PyTorch, as a tutorial would serve it.

Usage: DIGITML_MODEL=digits.onnx uvicorn serve_torch:app --port 5081 --no-access-log [--workers N]
"""

import io
import os

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from fastapi import FastAPI, HTTPException, Request
from PIL import Image

torch.set_num_threads(1)  # one picture is too little to share between threads; more of them only slow it down


def load(path: str) -> torch.nn.Module:
    """Puts the dense layers of a DigitML model file into PyTorch: pixels are scaled by 1/255, as its metadata says."""
    graph = onnx.load(path).graph
    numbers = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    layers: list[torch.nn.Module] = []
    for node in (node for node in graph.node if node.op_type == "Gemm"):
        weight, bias = numbers[node.input[1]], numbers[node.input[2]]
        if not any(attribute.name == "transB" and attribute.i for attribute in node.attribute):
            weight = weight.T.contiguous()
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight, bias
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1], torch.nn.Softmax(dim=1)).eval()


model = load(os.environ["DIGITML_MODEL"])
app = FastAPI()


@app.post("/api/read")
async def read(request: Request):
    try:
        picture = Image.open(io.BytesIO(await request.body())).convert("L").resize((28, 28))
    except Exception as error:
        raise HTTPException(422, f"no picture: {error}") from error
    with torch.no_grad():
        pixels = torch.from_numpy(np.asarray(picture, dtype=np.float32).reshape(1, 784) / 255)
        probabilities = model(pixels)[0]
    digit = int(probabilities.argmax())
    return {"text": str(digit), "digits": [{"digit": digit, "probability": float(probabilities[digit])}]}
