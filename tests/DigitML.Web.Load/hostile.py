"""What a server on a network meets: slow senders, connections that close half or break, damaged and lying pictures,
a thousand connections at once. Meanwhile good requests are sent, and every one of them must be answered with 200.

Usage: hostile.py PORT GOOD.png [SECONDS]      ends with 0 when all good requests were answered.
"""

import asyncio
import logging
import random
import sys

PORT, GOOD = int(sys.argv[1]), open(sys.argv[2], "rb").read()
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 20
rng = random.Random(7)
logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it warns of every write to a peer that has closed
counts: dict[str, int] = {}


def count(what: str) -> None:
    counts[what] = counts.get(what, 0) + 1


def head(length: int, close: bool = True) -> bytes:
    return f"POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{'Connection: close' if close else 'X: y'}\r\n\r\n".encode()


async def send(body: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(head(len(body)) + body)
    status = (await asyncio.wait_for(reader.readline(), 30)).split()
    writer.close()
    return int(status[1]) if len(status) > 1 else 0


async def slow() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(head(len(GOOD)))
    for byte in GOOD:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.5)


async def broken() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(head(len(GOOD)) + GOOD[: rng.randrange(len(GOOD))])
    await writer.drain()
    if rng.random() < 0.5:
        writer.write_eof()
        await reader.read()
    writer.transport.abort()


def hostile_picture() -> bytes:
    kind = rng.randrange(5)
    if kind == 0:
        return b"P5 100000 100000 255\n" + b"\0" * 100
    if kind == 1:
        return GOOD[: rng.randrange(len(GOOD))]
    if kind == 2:
        return rng.randbytes(rng.randrange(1, 20_000))
    if kind == 3:
        damaged = bytearray(GOOD)
        for _ in range(8):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        return bytes(damaged)
    return b"P5 2000 2000 255\n" + rng.randbytes(4_000_000)  # four megapixels of noise


async def until_end(what: str, work) -> None:
    end = asyncio.get_running_loop().time() + SECONDS
    while asyncio.get_running_loop().time() < end:
        try:
            result = await work()
            count(f"{what} {result}" if result is not None else what)
        except (OSError, asyncio.TimeoutError) as error:
            count(f"{what} {type(error).__name__}")


async def idle() -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    await asyncio.sleep(SECONDS)
    writer.close()
    count("idle")


async def good() -> int:
    """A well-behaved client: told that the server is busy it waits a second, as Retry-After says, and asks again."""
    await asyncio.sleep(0.05)
    for _ in range(10):
        status = await send(GOOD)
        if status != 503:
            break
        count("good waits")
        await asyncio.sleep(1)
    return status


async def hostile() -> int:
    return await send(hostile_picture())


async def main() -> int:
    tasks = [until_end("slow", slow) for _ in range(50)]
    tasks += [until_end("broken", broken) for _ in range(10)]
    tasks += [until_end("hostile", hostile) for _ in range(4)]
    tasks += [idle() for _ in range(1_000)]
    tasks += [until_end("good", good) for _ in range(4)]
    await asyncio.gather(*map(asyncio.ensure_future, tasks), return_exceptions=True)
    for what in sorted(counts):
        print(f"{what:20} {counts[what]}")
    return 0 if counts.get("good 200", 0) > 0 and not any(what.startswith("good") and what not in ("good 200", "good waits") for what in counts) else 1


sys.exit(asyncio.run(main()))
