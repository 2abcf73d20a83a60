"""Visitors who leave: photographs of 12 megapixels are sent and the connection is closed before they are read, one after the other.
Meanwhile a good client sends a small picture again and again, and what it waits is measured.

Usage: abandon.py PORT [COUNT]      ends with 0 when every small picture was answered with 200 and 99 % of them within 250 ms.
"""

import asyncio
import io
import random
import sys
import time

from PIL import Image, ImageDraw

PORT = int(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
LIMIT = 0.250


def photograph() -> bytes:
    """Paper with light from one side, grain and a few digits' worth of strokes, as JPEG."""
    rng = random.Random(16)
    paper = Image.linear_gradient("L").resize((4000, 3000)).point(lambda value: 150 + value // 4)
    grain = Image.effect_noise((4000, 3000), 12)
    picture = Image.blend(paper, grain, 0.15)
    draw = ImageDraw.Draw(picture)
    for i in range(8):
        x, y = 400 + 400 * i, 1200 + rng.randrange(300)
        draw.line([(x, y), (x + 180, y - 10), (x + 60, y + 500)], fill=40, width=36)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def small() -> bytes:
    picture = Image.new("L", (28, 28), 0)
    ImageDraw.Draw(picture).line([(8, 6), (20, 6), (12, 22)], fill=255, width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def request(body: bytes) -> bytes:
    return f"POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def abandon(photo: bytes, wait: float) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(request(photo))
    await writer.drain()
    await asyncio.sleep(wait)
    writer.close()
    await writer.wait_closed()


async def main() -> int:
    photo, good = photograph(), request(small())
    print(f"photograph of {len(photo):,} bytes")
    rng = random.Random(17)
    times: list[float] = []
    statuses: dict[bytes, int] = {}
    is_over = asyncio.Event()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        while not is_over.is_set():
            started = time.perf_counter()
            writer.write(good)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")))
            await reader.readexactly(length)
            times.append(time.perf_counter() - started)
            status = head.split()[1]
            statuses[status] = statuses.get(status, 0) + 1
            await asyncio.sleep(0.02)
        writer.close()

    client = asyncio.create_task(ask())
    started = time.perf_counter()
    for _ in range(COUNT):
        # Some leave at once, some while their picture is being read.
        await abandon(photo, rng.choice([0, 0.02, 0.1]))
    elapsed = time.perf_counter() - started
    is_over.set()
    await client
    times.sort()
    p99 = times[int(0.99 * len(times))]
    print(f"{COUNT} abandoned in {elapsed:.0f} s; small pictures {len(times)}, statuses { {k.decode(): v for k, v in statuses.items()} }, "
          f"p50 {1e3 * times[len(times) // 2]:.0f} ms, p99 {1e3 * p99:.0f} ms, most {1e3 * times[-1]:.0f} ms")
    return 0 if set(statuses) == {b"200"} and p99 < LIMIT else 1


sys.exit(asyncio.run(main()))
