"""One epoch of Adam in PyTorch from given weights over given batches; prints the mean training loss and the last weights' sum.

usage: torch_epoch.py FILE BATCH_SIZE
FILE, little-endian: int32 layers+1 and the sizes; per layer float32 weights [outputs, inputs] and bias [outputs];
int32 count; uint8 images [count, inputs] in training order; uint8 labels [count].
"""
import sys

import numpy as np
import torch

data = open(sys.argv[1], 'rb').read()
batch_size = int(sys.argv[2])
offset = 0


def read(kind, count):
    global offset
    values = np.frombuffer(data, kind, count, offset)
    offset += values.nbytes
    return values


sizes = [int(n) for n in read('<i4', int(read('<i4', 1)[0]))]
parts = []
for inputs, outputs in zip(sizes, sizes[1:]):
    layer = torch.nn.Linear(inputs, outputs)
    layer.weight.data = torch.tensor(read('<f4', inputs * outputs).reshape(outputs, inputs))
    layer.bias.data = torch.tensor(read('<f4', outputs))
    parts += [layer, torch.nn.ReLU()]
model = torch.nn.Sequential(*parts[:-1])
count = int(read('<i4', 1)[0])
images = torch.tensor(read('u1', count * sizes[0]).reshape(count, -1).astype(np.float32) / 255)
labels = torch.tensor(read('u1', count).astype(np.int64))
torch.set_num_threads(1)
adam = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
total = 0.0
for start in range(0, count, batch_size):
    x, y = images[start:start + batch_size], labels[start:start + batch_size]
    adam.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    adam.step()
    total += float(loss) * len(y)
print(total / count)
